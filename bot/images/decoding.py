"""Looking at image bytes and making them smaller: in threads, a few at a time, with a deadline, and never on trust."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from PIL import Image

from bot.images.heap import keep_freed_memory
from bot.images.orientation import swaps_sides, turn_of, turned
from bot.images.pixels import PIXELS_MAX, decode, in_mode, is_see_through, rgb_profile_of, size_within, smaller
from bot.images.still import NotDecodable, Still, TooManyPixels
from bot.images.structure import read_still
from bot.picture.formats import ImageFormat

__all__ = ["PIXELS_MAX", "ImageInfo", "ImageWorker", "NotDecodable", "TooManyPixels"]

T = TypeVar("T")

_QUALITIES: Final = (92, 85, 75, 65, 50)
_SCALE_STEP: Final = 0.75


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """The properties of an image file; `width` and `height` are pixels, as the image is shown."""

    format: ImageFormat
    width: int
    height: int
    size_bytes: int


class ImageWorker:
    """Decodes and encodes images off the loop, `at_once` at the same time, since each takes tens of megabytes."""

    def __init__(self, at_once: int = 2, deadline_seconds: float = 30.0) -> None:
        self._at_once = at_once
        self._deadline_seconds = deadline_seconds
        self._room = asyncio.Semaphore(at_once)
        self._threads = self._new_threads()

    async def inspect(self, file: Path) -> ImageInfo:
        """Look whether a file is a whole image and return what it is; raise `NotDecodable`."""
        return await self._run(lambda: _inspect(file))

    async def refit(self, file: Path, to: Path, limit_bytes: int) -> ImageInfo:
        """Write the image into `to` in at most `limit_bytes`: quality goes first, then size, never the aspect."""
        return await self._run(lambda: _refit(file, to, limit_bytes))

    async def prepare(self, file: Path, copy: Path, pixels_max: int) -> tuple[Path, ImageInfo]:
        """Return the file unchanged if it has at most this many pixels, or a smaller upright `copy`, and its info.

        A file that lacks its end is copied too, for decoders that are stricter than ours. Raises `NotDecodable`.
        """
        return await self._run(lambda: _prepare(file, copy, pixels_max))

    async def shrink(self, file: Path, to: Path, pixels: int) -> None:
        """Write a JPEG of the image into `to`, its longer side at most `pixels`; raise `NotDecodable`."""
        await self._run(lambda: _shrink(file, to, pixels))

    def _new_threads(self) -> ThreadPoolExecutor:
        # Threads of its own: each thread that decodes keeps tens of megabytes, and the loop has 32 of them.
        return ThreadPoolExecutor(self._at_once, "darkroom", initializer=keep_freed_memory)

    async def _run(self, work: Callable[[], T]) -> T:
        """Return what `work` does; the deadline counts from when its turn comes."""
        async with self._room:
            threads = self._threads
            try:
                async with asyncio.timeout(self._deadline_seconds):
                    return await asyncio.get_running_loop().run_in_executor(threads, work)
            except TimeoutError:
                # A thread cannot be ended. Bounded as its work is, it will come to an end; others take its place.
                threads.shutdown(wait=False)
                if threads is self._threads:
                    self._threads = self._new_threads()
                raise NotDecodable(f"not done after {self._deadline_seconds} s") from None


def _inspect(file: Path) -> ImageInfo:
    still = read_still(file)
    return _seen(file, still, decode(still))


def _seen(file: Path, still: Still, image: Image.Image) -> ImageInfo:
    width, height = (still.height, still.width) if swaps_sides(image) else (still.width, still.height)
    return ImageInfo(still.format, width, height, file.stat().st_size)


def _prepare(file: Path, copy: Path, pixels_max: int) -> tuple[Path, ImageInfo]:
    still = read_still(file)
    if still.width * still.height <= pixels_max and not still.is_cut:
        return file, _seen(file, still, decode(still))
    size = size_within((still.width, still.height), pixels_max)
    image = decode(still, size)
    mode, image_format = _encoding_of(image)
    shrunk = turned(smaller(image, mode, size), turn_of(image))
    shrunk.save(copy, image_format.upper(), quality=_QUALITIES[0], icc_profile=rgb_profile_of(image))
    return copy, ImageInfo(image_format, shrunk.width, shrunk.height, copy.stat().st_size)


def _shrink(file: Path, to: Path, pixels: int) -> None:
    still = read_still(file)
    scale = min(1.0, pixels / max(still.width, still.height))
    size = max(1, round(still.width * scale)), max(1, round(still.height * scale))
    image = decode(still, size)
    turned(smaller(image, "RGB", size), turn_of(image)).save(to, "JPEG", quality=80)


def _refit(file: Path, to: Path, limit_bytes: int) -> ImageInfo:
    still = read_still(file)
    image = decode(still, (still.width, still.height))
    mode, image_format = _encoding_of(image)
    size = size_within(image.size, PIXELS_MAX)
    decoded = in_mode(image, mode) if size == image.size else smaller(image, mode, size)
    for smaller_one in _shrinking(turned(decoded, turn_of(image))):
        for quality in _QUALITIES:
            smaller_one.save(to, image_format.upper(), quality=quality)
            if (size_bytes := to.stat().st_size) <= limit_bytes:
                return ImageInfo(image_format, smaller_one.width, smaller_one.height, size_bytes)
    raise NotDecodable(f"no image fits into {limit_bytes} bytes")


def _encoding_of(image: Image.Image) -> tuple[str, ImageFormat]:
    """Return the mode and the format in which an image takes few bytes, and keeps its transparency."""
    return ("RGBA", ImageFormat.WEBP) if is_see_through(image) else ("RGB", ImageFormat.JPEG)


def _shrinking(image: Image.Image) -> Iterator[Image.Image]:
    """Yield the image, then ever smaller ones; each is made from the first, so that no rounding adds up."""
    yield image
    short, long = sorted(image.size)
    scale = 1.0
    while short * scale > 1:
        scale *= _SCALE_STEP
        side = max(1, round(short * scale))
        other = round(side * long / short)
        size = (side, other) if image.width == short else (other, side)
        yield image.resize(size, Image.Resampling.LANCZOS)
