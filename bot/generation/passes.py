"""How often an image would have to be gone through: known from its structure, before anything is decoded.

A file of a few megabytes can hold a hundred thousand scans of a hundred megapixels each, which take hours.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

FRAMES_MAX: Final = 1000  # of an animation
SCANS_MAX: Final = 50  # of a progressive JPEG, which has about ten

_JPEG_SCAN = 0xDA
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length: restarts, and the image's begin
_JPEG_END = 0xD9
# What ends a scan: any marker but a stuffed byte, a restart, or another fill byte.
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_GIF_FRAME, _GIF_EXTENSION = 0x2C, 0x21


def has_too_many_scans(jpeg: bytes) -> bool:
    """Say whether a JPEG is made of more scans than anybody needs; what follows its end does not count."""
    return _more_than(SCANS_MAX, _jpeg_scans(jpeg))


def has_too_many_frames(gif: bytes) -> bool:
    """Say whether a GIF is made of more frames than anybody needs."""
    return _more_than(FRAMES_MAX, _gif_frames(gif))


def _more_than(count: int, positions: Iterator[int]) -> bool:
    return next(islice(positions, count, None), None) is not None


def _jpeg_scans(jpeg: bytes) -> Iterator[int]:
    """Yield where each scan begins; a file that is torn has those that were found until then."""
    position = 0
    while found := _JPEG_MARKER.search(jpeg, position):
        kind, position = jpeg[found.end() - 1], found.end()
        if kind == _JPEG_END:
            return
        if kind in _JPEG_BARE:
            continue
        if kind == _JPEG_SCAN:
            yield found.start()
        position += int.from_bytes(jpeg[position : position + 2], "big")


def _gif_frames(gif: bytes) -> Iterator[int]:
    """Yield where each frame begins; a file that is torn has those that were found until then."""
    position = 13 + _colours_bytes(gif[10:11])
    while block := gif[position : position + 1]:
        if block[0] == _GIF_FRAME:
            yield position
            position = _after_sub_blocks(gif, position + 11 + _colours_bytes(gif[position + 9 : position + 10]))
        elif block[0] == _GIF_EXTENSION:
            position = _after_sub_blocks(gif, position + 2)
        else:  # the end, or what decoders skip
            position += 1


def _colours_bytes(flags: bytes) -> int:
    """Return the size of the table of colours that some flags announce."""
    return 3 * 2 ** ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _after_sub_blocks(gif: bytes, position: int) -> int:
    while length := gif[position : position + 1]:
        position += 1 + length[0]
        if not length[0]:
            break
    return position
