"""Looking at image bytes and making them smaller: in a worker thread, a few at a time, and never on trust."""

import asyncio
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PIL import Image

from bot.picture.formats import ImageFormat

T = TypeVar("T")

PIXELS_MAX = 100_000_000  # what we are willing to decode: 300 MB of memory, six times the largest picture we make
_QUALITIES = (92, 85, 75, 65, 50)
_SCALE_STEP = 0.75
_FORMATS = {"PNG": ImageFormat.PNG, "JPEG": ImageFormat.JPEG, "WEBP": ImageFormat.WEBP, "GIF": ImageFormat.GIF}


class NotDecodable(Exception):
    """Say that a file is no whole image, or one that is too large to be decoded."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What an image file turned out to be; `width` and `height` are pixels."""

    format: ImageFormat
    width: int
    height: int
    size_bytes: int


class Darkroom:
    """Decodes and encodes images off the loop, `at_once` at the same time, since each takes tens of megabytes."""

    def __init__(self, at_once: int = 2) -> None:
        self._room = asyncio.Semaphore(at_once)

    async def inspect(self, file: Path) -> Inspected:
        """Decode a whole file and return what it is; raise `NotDecodable`."""
        return await self._develop(lambda: _inspect(file))

    async def refit(self, file: Path, to: Path, limit_bytes: int) -> Inspected:
        """Write the image into `to` in at most `limit_bytes`: quality goes first, then size, never the aspect."""
        return await self._develop(lambda: _refit(file, to, limit_bytes))

    async def _develop(self, work: Callable[[], T]) -> T:
        async with self._room:
            return await asyncio.to_thread(work)


@contextmanager
def _opened(file: Path) -> Iterator[Image.Image]:
    """Open a file with Pillow, whose many ways of failing at foreign bytes become one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own bound is below
            with Image.open(file, formats=list(_FORMATS)) as image:
                if image.width * image.height > PIXELS_MAX:
                    raise NotDecodable(f"{image.width} x {image.height} pixels are too many")
                image.load()
                yield image
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as cause:
        raise NotDecodable(f"no whole image ({type(cause).__name__})") from cause


def _inspect(file: Path) -> Inspected:
    with _opened(file) as image:
        return Inspected(_FORMATS[image.format or ""], image.width, image.height, file.stat().st_size)


def _refit(file: Path, to: Path, limit_bytes: int) -> Inspected:
    with _opened(file) as image:
        see_through = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
        smaller, image_format = (
            (image.convert("RGBA"), ImageFormat.WEBP) if see_through else (image.convert("RGB"), ImageFormat.JPEG)
        )
    while True:
        for quality in _QUALITIES:
            smaller.save(to, image_format.upper(), quality=quality)
            if (size_bytes := to.stat().st_size) <= limit_bytes:
                return Inspected(image_format, smaller.width, smaller.height, size_bytes)
        smaller = smaller.resize(
            (max(1, round(smaller.width * _SCALE_STEP)), max(1, round(smaller.height * _SCALE_STEP))),
            Image.Resampling.LANCZOS,
        )
