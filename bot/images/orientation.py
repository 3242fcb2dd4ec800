"""How an image has to be turned to stand as it is shown."""

import struct
from typing import Final

import structlog
from PIL import ExifTags, Image

log = structlog.get_logger(__name__)

# Rotation and mirroring of the stored pixels by their EXIF orientation.
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SWAPS_SIDES: Final = {
    Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_270,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_90,
}


def turn_of(image: Image.Image) -> Image.Transpose | None:
    """Return how an image has to be turned to stand as it is shown, None for not at all.

    EXIF data that cannot be read say nothing, as in any browser; Pillow's decoders of them fail in many ways.
    """
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error) as cause:
        log.info("exif_unreadable", cause=type(cause).__name__)
        return None
    return _TURNS.get(orientation) if isinstance(orientation, int) else None


def swaps_sides(image: Image.Image) -> bool:
    """Return True if an image is shown on its side, so that its width is its height."""
    return turn_of(image) in _SWAPS_SIDES


def turned(image: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    """Return an image, turned if it has to be."""
    return image if turn is None else image.transpose(turn)
