"""The structure of a GIF."""

import struct
from collections.abc import Iterator
from typing import Final

from bot.images.still import FRAMES_MAX, FileBytes, NotDecodable, Still
from bot.picture.formats import ImageFormat

_FRAME, _EXTENSION, _END = 0x2C, 0x21, b";"
_CONTROL: Final = b"\x21\xf9\x04"  # says which color is transparent; four bytes long


def still_gif(gif: FileBytes) -> Still:
    """Return the first frame of a GIF; raise `NotDecodable`."""
    head = gif[: 13 + _colors_bytes(gif[10:11])]
    control, first, frames = b"", b"", 0
    for block in _blocks(gif, len(head)):
        if block[0] == _FRAME:
            first, frames = first or block, frames + 1
        elif not frames and block.startswith(_CONTROL):
            control = block
        if frames > FRAMES_MAX:
            raise NotDecodable("it is made of too many frames")
    if len(first) < 10:
        raise NotDecodable("there is no picture in it")
    screen_width, screen_height = struct.unpack_from("<HH", head, 6)
    left, top, width, height = struct.unpack_from("<HHHH", first, 1)
    size = max(screen_width, left + width), max(screen_height, top + height)  # as Pillow has it
    end = _END if first.endswith(b"\0") else b""
    return Still(ImageFormat.GIF, head + control + first + end, *size)


def _blocks(gif: FileBytes, position: int) -> Iterator[bytes]:
    """Yield each frame and extension; a file that is torn has those that were found until then."""
    while lead := gif[position : position + 1]:
        start = position
        if lead[0] == _FRAME:
            position = _after_sub_blocks(gif, position + 11 + _colors_bytes(gif[position + 9 : position + 10]))
            yield gif[start:position]
        elif lead[0] == _EXTENSION:
            position = _after_sub_blocks(gif, position + 2)
            yield gif[start:position]
        else:  # the end, or what decoders skip
            position += 1


def _colors_bytes(flags: bytes) -> int:
    """Return the size of the table of colors that some flags announce."""
    return 3 * 2 ** ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _after_sub_blocks(gif: FileBytes, position: int) -> int:
    while length := gif[position : position + 1]:
        position += 1 + length[0]
        if not length[0]:
            break
    return position
