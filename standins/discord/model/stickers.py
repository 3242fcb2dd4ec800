"""Stickers: pictures that people send in one tap, by name, from a CDN address that never expires."""

from dataclasses import dataclass
from enum import IntEnum

from standins.discord.payload import Payload


class StickerFormat(IntEnum):
    """A sticker's file format, with Discord's numbers."""

    PNG = 1
    APNG = 2
    LOTTIE = 3
    GIF = 4

    @property
    def suffix(self) -> str:
        """Return how its file's name ends: an animated PNG is a PNG, and Lottie is JSON."""
        return {StickerFormat.LOTTIE: "json", StickerFormat.GIF: "gif"}.get(self, "png")


@dataclass(frozen=True, slots=True)
class Sticker:
    """A sticker that can be sent."""

    id: int
    name: str
    format: StickerFormat

    @property
    def filename(self) -> str:
        """Return the last part of its address."""
        return f"{self.id}.{self.format.suffix}"

    def payload(self) -> Payload:
        """Return Discord's JSON of the sticker as an item of a message."""
        return {"id": str(self.id), "name": self.name, "format_type": int(self.format)}
