"""Decoding a picture within bounds of memory and time, and making it smaller."""

from collections.abc import Callable
from io import BytesIO
from math import ceil, sqrt
from typing import Final

from PIL import GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from bot.images.still import NotDecodable, Still, TooManyPixels
from bot.picture.formats import ImageFormat

Size = tuple[int, int]

# Each bound is what about 400 MB of memory hold while an image is decoded.
PIXELS_MAX: Final = 100_000_000  # at 4 bytes each; a progressive JPEG needs 3 to 6
WEBP_PIXELS_MAX: Final = 25_000_000  # at 16 bytes each: libwebp's canvas, the one before, a copy of it, and ours
# A JPEG that comes row by row is scaled down on its way, to a few bytes for 64 pixels. Here it is time that counts: the
# largest sensors have 200 megapixels, which take some seconds.
STREAMED_PIXELS_MAX: Final = 250_000_000

_SIDE_MAX: Final = 16_383  # pixels; what encoders take, WebP's the least of them
_ENOUGH_TO_TELL: Final = (256, 256)  # how far a JPEG is scaled down when it is only looked at
_BAND_ROWS: Final = 64
_CUT_OFF_MAX: Final = 1 / 64  # of the rows: the part that may be missing at the end of a JPEG
# By their plugins, which are thereby loaded: Pillow would load all forty of its own with the first picture.
_PLUGINS: Final[dict[ImageFormat, Callable[[BytesIO], Image.Image]]] = {
    ImageFormat.PNG: PngImagePlugin.PngImageFile,
    ImageFormat.JPEG: JpegImagePlugin.JpegImageFile,
    ImageFormat.WEBP: WebPImagePlugin.WebPImageFile,
    ImageFormat.GIF: GifImagePlugin.GifImageFile,
}


def decode(still: Still, enough: Size = _ENOUGH_TO_TELL) -> Image.Image:
    """Return the decoded picture, or one that was scaled down to no less than `enough` on its way.

    Raises `NotDecodable`, `TooManyPixels` before anything is decoded.
    """
    _check_bounds(still, enough)
    try:
        image = _PLUGINS[still.format](BytesIO(still.content))
        image.draft(None, enough)  # which only JPEG's does
        image.load()
    except Exception as cause:  # Pillow doesn't document which errors its decoders raise
        raise NotDecodable(f"no whole image ({type(cause).__name__})") from cause
    if still.is_cut and still.format is ImageFormat.JPEG and _lacks_its_end(image):
        raise NotDecodable("no whole image (cut off)")
    return image


def size_within(size: Size, pixels: int) -> Size:
    """Return a size in the same ratio of at most this many pixels, with sides that can be encoded."""
    scale = min(1.0, sqrt(pixels / (size[0] * size[1])), _SIDE_MAX / max(size))
    width, height = (max(1, int(side * scale)) for side in size)
    return min(width, max(1, pixels // height)), min(
        height, max(1, pixels // width)
    )  # if one side can't get any smaller


def is_see_through(image: Image.Image) -> bool:
    """Return True if an image may have transparent pixels, in whichever way its file spelled them."""
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info


def rgb_profile_of(image: Image.Image) -> bytes | None:
    """Return the color profile of an image if it's one for red, green and blue, which its copies have."""
    profile = image.info.get("icc_profile")
    return profile if isinstance(profile, bytes) and profile[16:20] == b"RGB " else None


def smaller(image: Image.Image, mode: str, size: Size) -> Image.Image:
    """Return an image in another mode and size.

    It is reduced band by band first: a copy of the whole in another mode would take its memory twice.
    """
    factor = max(1, min(image.width // size[0], image.height // size[1]) // 2)  # the rest is for the better filter
    reduced = Image.new(mode, (ceil(image.width / factor), ceil(image.height / factor)))
    for top in range(0, image.height, _BAND_ROWS * factor):
        band = image.crop((0, top, image.width, min(top + _BAND_ROWS * factor, image.height)))
        reduced.paste(in_mode(band, mode).reduce(factor), (0, top // factor))
    return reduced.resize(size, Image.Resampling.LANCZOS)


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    """Return an image in RGB or RGBA; one of 16-bit grays keeps its lights, which Pillow's conversion clips."""
    if image.mode.startswith("I"):
        image = image.point(lambda gray: gray * (1 / 256), "L")
    return image.convert(mode)


def _check_bounds(still: Still, enough: Size) -> None:
    """Raise `TooManyPixels` for a picture that would take too much memory or time."""
    pixels_max = WEBP_PIXELS_MAX if still.format is ImageFormat.WEBP else PIXELS_MAX
    if still.is_streamed and enough[0] * enough[1] <= PIXELS_MAX // 4:  # the result has less than 4 times as many
        pixels_max = STREAMED_PIXELS_MAX
    if still.width * still.height > pixels_max:
        raise TooManyPixels(still.width, still.height, pixels_max)


def _lacks_its_end(image: Image.Image) -> bool:
    """Return True if more than the very end of a JPEG is missing: libjpeg fills missing pixels with one gray."""
    rows = max(1, int(image.height * _CUT_OFF_MAX))
    end = image.crop((0, image.height - rows, image.width, image.height)).convert("RGB")
    return all(extrema in {(127, 127), (128, 128)} for extrema in end.getextrema())
