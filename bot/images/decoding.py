"""Decoding and encoding images with Pillow; each function blocks, and `ImageWorker` calls it by its name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image

from bot.images.image_worker import ImageInfo, ImageWorker
from bot.images.orientation import swaps_sides, turn_of, turned
from bot.images.pixels import PIXELS_MAX, decode, in_mode, is_see_through, rgb_profile_of, size_within, smaller
from bot.images.still import NotDecodable, Still, TooManyPixels
from bot.images.structure import read_still
from bot.picture.formats import ImageFormat

__all__ = ["PIXELS_MAX", "ImageInfo", "ImageWorker", "NotDecodable", "TooManyPixels"]

_QUALITIES: Final = (92, 85, 75, 65, 50)
_SCALE_STEP: Final = 0.75


def inspect(file: Path) -> ImageInfo:
    """Look whether a file is a whole image and return what it is; raise `NotDecodable`."""
    still = read_still(file)
    return _seen(file, still, decode(still))


def _seen(file: Path, still: Still, image: Image.Image) -> ImageInfo:
    width, height = (still.height, still.width) if swaps_sides(image) else (still.width, still.height)
    return ImageInfo(still.format, width, height, file.stat().st_size)


def shrunk(file: Path, copy: Path, pixels_max: int) -> ImageInfo | None:
    """Write a smaller upright copy, and return its info; None, and no copy, if the file is small enough and whole."""
    still = read_still(file)
    if still.width * still.height <= pixels_max and not still.is_cut:
        return None
    size = size_within((still.width, still.height), pixels_max)
    image = decode(still, size)
    mode, image_format = _encoding_of(image)
    upright = turned(smaller(image, mode, size), turn_of(image))
    upright.save(copy, image_format.upper(), quality=_QUALITIES[0], icc_profile=rgb_profile_of(image))
    return ImageInfo(image_format, upright.width, upright.height, copy.stat().st_size)


def shrink(file: Path, to: Path, pixels: int) -> None:
    """Write a JPEG of the image into `to`, its longer side at most `pixels`; raise `NotDecodable`."""
    still = read_still(file)
    scale = min(1.0, pixels / max(still.width, still.height))
    size = max(1, round(still.width * scale)), max(1, round(still.height * scale))
    image = decode(still, size)
    turned(smaller(image, "RGB", size), turn_of(image)).save(to, "JPEG", quality=80)


def refit(file: Path, to: Path, limit_bytes: int) -> ImageInfo:
    """Write the image into `to` in at most `limit_bytes`: quality goes first, then size, never the aspect."""
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
