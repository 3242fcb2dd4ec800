"""Reducing an image file to its first picture, by its structure and before anything is decoded.

Other programs write metadata that make a decoder fail, and a file of a few megabytes can contain a hundred thousand
scans of a hundred megapixels each, which take hours. Neither ever reaches a decoder.
"""

from collections.abc import Callable
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

from bot.images.gif import still_gif
from bot.images.jpeg import still_jpeg
from bot.images.png import still_png
from bot.images.still import FileBytes, NotDecodable, Still
from bot.images.webp import still_webp
from bot.picture.formats import SNIFF_BYTES, ImageFormat, sniff

_READERS: Final[dict[ImageFormat, Callable[[FileBytes], Still]]] = {
    ImageFormat.PNG: still_png,
    ImageFormat.JPEG: still_jpeg,
    ImageFormat.GIF: still_gif,
    ImageFormat.WEBP: still_webp,
}


def read_still(file: Path) -> Still:
    """Return the first picture of an image file, in one of the four formats; raise `NotDecodable`."""
    with file.open("rb") as opened:
        image_format = sniff(opened.read(SNIFF_BYTES))
        if image_format is None:
            raise NotDecodable("it does not begin like an image of ours")
        with mmap(opened.fileno(), 0, access=ACCESS_READ) as content:  # pages that nobody keeps in memory
            return _READERS[image_format](content)
