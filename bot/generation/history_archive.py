"""The pictures that a filter leaves, and how they were made, as archives that Discord takes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.images.archive import MARGIN_BYTES, ArchiveItem, document, packed, write_archive
from bot.picture.generation import Generation
from bot.picture.history_filter import HistoryFilter
from bot.storage.history import HistoryStore
from bot.storage.images import ImageStore, format_of
from bot.storage.scratch import scratch_folder

_PICTURES_MAX: Final = 100  # in one part
_NAME_CHARACTERS: Final = 12
Report = Callable[[int, int], None]
"""Gets the number of files that are packed, and of all."""


@dataclass(frozen=True, slots=True)
class ArchivePart:
    """One part, at `path` for as long as it is open: some pictures of `total`, from `first` on, oldest first.

    `gone` images aren't kept any more, and `too_large` don't even fit into Discord's limit separately.
    """

    path: Path
    first: int
    pictures: int
    total: int
    gone: int
    too_large: int

    @property
    def after(self) -> int:
        """Return the number of the first picture of the next part."""
        return self.first + self.pictures

    @property
    def is_last(self) -> bool:
        """Return True if no pictures are left for another part."""
        return self.after >= self.total


class HistoryArchive:
    """Packs pictures; the oldest come first, so that new ones don't move the parts."""

    def __init__(self, history: HistoryStore, images: ImageStore) -> None:
        self._history = history
        self._images = images

    @asynccontextmanager
    async def part(
        self, server_key: str, asked: HistoryFilter, first: int, *, viewer_id: int, limit_bytes: int, report: Report
    ) -> AsyncIterator[ArchivePart | None]:
        """Yield the part from a picture on, in at most `limit_bytes`; None if there are no such pictures."""
        pictures, total = await self._history.page(
            server_key, asked, viewer_id=viewer_id, offset=first, limit=_PICTURES_MAX, newest_first=False
        )
        if not pictures:
            yield None
            return
        units = [await self._unit(each) for each in pictures]
        parts, _ = packed(units, limit_bytes - MARGIN_BYTES)
        end = units.index(parts[1][0]) if len(parts) > 1 else len(units)
        images = [each for each in parts[0] if each.key]
        items = [document("pictures.json", [_made(each) for each in pictures[:end]]), *images]
        gone = len(parts[0]) - len(images)
        with scratch_folder() as folder:
            archive = folder / "pictures.zip"
            gone += await write_archive(self._images, archive, items, lambda number: report(number, len(items)))
            yield ArchivePart(archive, first, end, total, gone, too_large=end - len(parts[0]))

    async def _unit(self, picture: Generation) -> ArchiveItem:
        """Return a picture's image, as large as it is with its lines of the document; without a key if it's gone."""
        lines = document("", _made(picture)).content or b""
        size = await self._images.size_of(picture.image_key) if picture.image_key else None
        key = "" if size is None else picture.image_key or ""
        return ArchiveItem(_name(picture), len(lines) + (size or 0), key=key)


def _name(picture: Generation) -> str:
    suffix = format_of(picture.image_key).suffix if picture.image_key else "gone"
    return f"{picture.created_at:%Y-%m-%d}-{picture.id.hex[:_NAME_CHARACTERS]}.{suffix}"


def _made(picture: Generation) -> dict[str, Any]:
    """Return how a picture was made, as far as everybody who sees it may know."""
    return {
        "id": picture.id,
        "file": None if picture.image_key is None else _name(picture),
        "created_at": picture.created_at,
        "member": str(picture.origin.user_id),
        "channel": str(picture.origin.channel_id),
        "prompt": picture.request.prompt,
        "options": picture.request.params.model_dump(mode="json", exclude_none=True),
        "style": None if picture.request.style is None else picture.request.style.name,
        "reference_images": len(picture.request.references),
        "width": picture.image_width,
        "height": picture.image_height,
        "credits": picture.credits,
        "made_from": None if picture.parent is None else picture.parent.id,
        "made_as": None if picture.parent is None else picture.parent.derivation,
    }
