"""Looking at image bytes and making them smaller: in threads, a few at a time, with a deadline, and never on trust."""

import asyncio
import struct
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import structlog
from PIL import ExifTags, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from bot.generation.passes import FRAMES_MAX, has_too_many_frames, has_too_many_scans
from bot.picture.formats import ImageFormat

log = structlog.get_logger(__name__)

T = TypeVar("T")

PIXELS_MAX = 100_000_000  # what we are willing to decode: 300 MB of memory, six times the largest picture we make
_QUALITIES = (92, 85, 75, 65, 50)
_SCALE_STEP = 0.75
# By their plugins, which are thereby loaded: Pillow would load all forty of its own with the first picture.
_FORMATS = {
    PngImagePlugin.PngImageFile.format: ImageFormat.PNG,
    JpegImagePlugin.JpegImageFile.format: ImageFormat.JPEG,
    WebPImagePlugin.WebPImageFile.format: ImageFormat.WEBP,
    GifImagePlugin.GifImageFile.format: ImageFormat.GIF,
}
_OPENED = tuple(_FORMATS)
# By what EXIF says about how the stored pixels are to be turned.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SWAPS_SIDES = {
    Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_270,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_90,
}
_MANY_IN_ONE = {"MPO": ImageFormat.JPEG}  # Pillow's name for a JPEG with another behind it, as telephones take them


class NotDecodable(Exception):
    """Say that a file is no whole image, or one that is too large to be decoded."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What an image file turned out to be; `width` and `height` are pixels, as the image is shown."""

    format: ImageFormat
    width: int
    height: int
    size_bytes: int


class Darkroom:
    """Decodes and encodes images off the loop, `at_once` at the same time, since each takes tens of megabytes."""

    def __init__(self, at_once: int = 2, deadline_seconds: float = 30.0) -> None:
        self._at_once = at_once
        self._deadline_seconds = deadline_seconds
        self._room = asyncio.Semaphore(at_once)
        self._threads = self._new_threads()

    async def inspect(self, file: Path) -> Inspected:
        """Look whether a file is a whole image and return what it is; raise `NotDecodable`."""
        return await self._develop(lambda: _inspect(file))

    async def refit(self, file: Path, to: Path, limit_bytes: int) -> Inspected:
        """Write the image into `to` in at most `limit_bytes`: quality goes first, then size, never the aspect."""
        return await self._develop(lambda: _refit(file, to, limit_bytes))

    async def shrink(self, file: Path, to: Path, pixels: int) -> None:
        """Write a JPEG of the image into `to`, its longer side at most `pixels`; raise `NotDecodable`."""
        await self._develop(lambda: _shrink(file, to, pixels))

    def _new_threads(self) -> ThreadPoolExecutor:
        # Threads of its own: each thread that decodes keeps tens of megabytes, and the loop has 32 of them.
        return ThreadPoolExecutor(self._at_once, "darkroom")

    async def _develop(self, work: Callable[[], T]) -> T:
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


@contextmanager
def _opened(file: Path) -> Iterator[Image.Image]:
    """Open a file with Pillow, whose many ways of failing at foreign bytes become one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own bound is below
            warnings.filterwarnings("ignore", "Corrupt EXIF data", UserWarning)
            with Image.open(file, formats=_OPENED) as image:
                _check_bounds(image, file)
                if image.format != "WEBP":  # whose pixels tell no more, once it opens, and take 16 bytes each
                    image.load()
                yield image
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, Image.DecompressionBombError) as cause:
        raise NotDecodable(f"no whole image ({type(cause).__name__})") from cause


def _turn(image: Image.Image) -> Image.Transpose | None:
    """Return how an image has to be turned to stand as it is shown, None for not at all.

    EXIF data that cannot be read say nothing, as in any browser; Pillow's decoders of them fail in many ways.
    """
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error) as cause:
        log.info("exif_unreadable", cause=type(cause).__name__)
        return None
    return _TURNS.get(orientation) if isinstance(orientation, int) else None


def _upright(image: Image.Image) -> Image.Image:
    """Return an image as it is shown."""
    turn = _turn(image)
    return image if turn is None else image.transpose(turn)


def _format_of(image: Image.Image) -> ImageFormat:
    return (_FORMATS | _MANY_IN_ONE)[image.format or ""]


def _check_bounds(image: Image.Image, file: Path) -> None:
    """Raise `NotDecodable` for what would take too much memory or time, by what it declares and is made of."""
    if image.width * image.height > PIXELS_MAX:
        raise NotDecodable(f"{image.width} x {image.height} pixels are too many")
    match _format_of(image):
        case ImageFormat.JPEG:
            too_many = has_too_many_scans(file.read_bytes())
        case ImageFormat.GIF:
            too_many = has_too_many_frames(file.read_bytes())
        case _:
            too_many = getattr(image, "n_frames", 1) > FRAMES_MAX
    if too_many:
        raise NotDecodable("it is made of too many frames or scans")


def _inspect(file: Path) -> Inspected:
    with _opened(file) as image:
        width, height = (image.height, image.width) if _turn(image) in _SWAPS_SIDES else image.size
        return Inspected(_format_of(image), width, height, file.stat().st_size)


def _shrink(file: Path, to: Path, pixels: int) -> None:
    with _opened(file) as image:
        image.thumbnail((pixels, pixels))
        _upright(image).convert("RGB").save(to, "JPEG", quality=80)


def _refit(file: Path, to: Path, limit_bytes: int) -> Inspected:
    with _opened(file) as image:
        see_through = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
        mode, image_format = ("RGBA", ImageFormat.WEBP) if see_through else ("RGB", ImageFormat.JPEG)
        decoded = _upright(image).convert(mode)
    for smaller in _shrinking(decoded):
        for quality in _QUALITIES:
            smaller.save(to, image_format.upper(), quality=quality)
            if (size_bytes := to.stat().st_size) <= limit_bytes:
                return Inspected(image_format, smaller.width, smaller.height, size_bytes)
    raise NotDecodable(f"no image fits into {limit_bytes} bytes")


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
