"""The moving picture of the README: a member types a command, sees its progress and its picture, and rerolls it."""

import io
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

from tests.browser.visitor import Visitor

LARGEST_BYTES = 2_000_000
_QUALITIES = (85, 75, 65, 55, 45, 35, 25)
_PROMPT = "a red boat at dawn, calm sea"
_KEYS_AT_ONCE = 2
_TYPING_MS, _READING_MS, _LOOKING_MS = 110, 900, 2_200
_WATCH_EVERY_MS = 250
_GIVES_UP_SECONDS = 60


@dataclass
class Film:
    """Screenshots of a page, each with the milliseconds that it's shown."""

    page: Page
    frames: list[tuple[bytes, int]] = field(default_factory=list)

    def take(self, milliseconds: int) -> None:
        """Take a frame; one that looks like the last makes that one longer."""
        shot = self.page.screenshot()
        if self.frames and self.frames[-1][0] == shot:
            milliseconds += self.frames.pop()[1]
        self.frames.append((shot, milliseconds))

    def types(self, box: Locator, text: str) -> None:
        """Type a text, and show it growing."""
        for start in range(0, len(text), _KEYS_AT_ONCE):
            box.press_sequentially(text[start : start + _KEYS_AT_ONCE])
            self.take(_TYPING_MS)

    def watches(self, pictures: Locator, count: int) -> None:
        """Show the channel until it has this many pictures; TimeoutError if they don't come."""
        end = time.monotonic() + _GIVES_UP_SECONDS
        while pictures.count() < count:
            if time.monotonic() > end:
                raise TimeoutError(f"there are {pictures.count()} pictures, not {count}")
            self.take(_WATCH_EVERY_MS)
            self.page.wait_for_timeout(_WATCH_EVERY_MS)
        self.page.wait_for_timeout(500)  # until arrived content is painted
        self.take(_LOOKING_MS)


def film(visitor: Visitor) -> Sequence[tuple[bytes, int]]:
    """Draw a picture and reroll it, and return the frames."""
    reel, page = Film(visitor.page), visitor.page
    reel.take(_READING_MS)
    box = page.get_by_role("textbox", name="Message")
    reel.types(box, "/imagine")
    page.get_by_role("option", name="/imagine").wait_for()
    reel.take(_READING_MS)
    box.press("Enter")
    form = page.get_by_role("form", name="/imagine")
    reel.types(form.get_by_label("prompt", exact=True), _PROMPT)
    visitor.fills(form, "aspect_ratio", "16:9")
    reel.take(_READING_MS)
    form.get_by_role("button", name="Send").click()
    reel.watches(visitor.pictures, 1)
    visitor.pictures.last.get_by_role("button", name="Reroll").hover()
    reel.take(_READING_MS)
    visitor.pictures.last.get_by_role("button", name="Reroll").click()
    reel.watches(visitor.pictures, 2)
    return reel.frames


def write(path: Path, frames: Sequence[tuple[bytes, int]]) -> Path:
    """Write frames as an animated WebP, in the best quality that keeps it small; ValueError if none does."""
    first, *others = (Image.open(io.BytesIO(shot)).convert("RGB") for shot, _ in frames)
    durations = [milliseconds for _, milliseconds in frames]
    for quality in _QUALITIES:
        encoded = io.BytesIO()
        first.save(
            encoded, "WEBP", save_all=True, append_images=others, duration=durations, loop=0, quality=quality, method=4
        )
        if encoded.tell() <= LARGEST_BYTES:
            path.write_bytes(encoded.getvalue())
            return path
    raise ValueError(f"{path.name} has {encoded.tell()} bytes even in the lowest quality")
