"""The first picture of an image file, and why a file has none that we decode."""

from dataclasses import dataclass
from mmap import mmap
from typing import Final

from bot.picture.formats import ImageFormat

FileBytes = bytes | mmap

FRAMES_MAX: Final = 1000  # of an animation
SCANS_MAX: Final = 50  # of a progressive JPEG, which has about ten


class NotDecodable(Exception):
    """Say that a file is not a whole image, or one that is too large to be decoded."""


class TooManyPixels(NotDecodable):
    """Say that an image has more pixels than we decode in its format; `megapixels` are millions of them."""

    def __init__(self, width: int, height: int, pixels_max: int) -> None:
        super().__init__(f"{width} x {height} pixels are too many, the bound is {pixels_max}")
        self.width = width
        self.height = height
        self.pixels_max = pixels_max
        self.megapixels = width * height / 1_000_000
        self.megapixels_max = pixels_max / 1_000_000


@dataclass(frozen=True, slots=True)
class Still:
    """An image file that was reduced to its first picture's pixels, orientation and colors.

    `width` and `height` are pixels as they are stored. A decoder needs memory for all of them, unless the file
    `is_streamed`: then it may scale the rows down as they come. One that `is_cut` lacked its end.
    """

    format: ImageFormat
    content: bytes
    width: int
    height: int
    is_streamed: bool = False
    is_cut: bool = False
