"""The structure of a PNG."""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from bot.images.still import FRAMES_MAX, FileBytes, NotDecodable, Still
from bot.picture.formats import ImageFormat

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_END: Final = b"IEND"
_PIXELS: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", _END})
_PROFILE_MAX_BYTES: Final = 1_000_000  # unpacked; the profiles of screens have some kilobytes
_TRANSPARENCY_MIN_BYTES: Final = {0: 2, 2: 6}  # by type of color: one gray, or a red, a green and a blue


def still_png(png: FileBytes) -> Still:
    """Return the default picture of a PNG; raise `NotDecodable`."""
    header = png[len(_SIGNATURE) : len(_SIGNATURE) + 25]
    if header[4:8] != b"IHDR" or len(header) < 25:
        raise NotDecodable("it does not begin like a PNG")
    width, height, _, color_type = struct.unpack_from(">IIBB", header, 8)
    kept, frames = [_SIGNATURE], 0
    for kind, chunk in _chunks(png):
        frames += kind == b"fcTL"
        if frames > FRAMES_MAX:
            raise NotDecodable("it is made of too many frames")
        if kind in _PIXELS or (_is_whole(chunk) and _is_used(kind, chunk[8:-4], color_type)):
            kept.append(chunk)
    is_cut = not kept[-1].startswith(_END, 4)
    return Still(ImageFormat.PNG, b"".join(kept), width, height, is_cut=is_cut)


def _chunks(png: FileBytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind of each chunk and its bytes: length, kind, body and checksum, as far as they are there."""
    position, kind = len(_SIGNATURE), b""
    while kind != _END and len(head := png[position : position + 8]) == 8:
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        yield kind, png[position : position + length + 12]
        position += length + 12


def _is_whole(chunk: bytes) -> bool:
    """Return True if a chunk is as long as it says and its checksum is right."""
    is_long_enough = len(chunk) == int.from_bytes(chunk[:4], "big") + 12
    return is_long_enough and zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:], "big")


def _is_used(kind: bytes, body: bytes, color_type: int) -> bool:
    """Return True for a chunk that says how the pixels are shown, and says it as it should."""
    match kind:
        case b"tRNS":
            return len(body) >= _TRANSPARENCY_MIN_BYTES.get(color_type, 0)
        case b"eXIf":
            return True
        case b"iCCP":
            return _is_profile(body)
        case _:
            return False


def _is_profile(body: bytes) -> bool:
    """Return True for a name, a zero, the one method of packing, which is zero too, and a packed profile."""
    _, _, packed = body.partition(b"\0\0")
    unpacking = zlib.decompressobj()
    try:
        unpacking.decompress(packed, _PROFILE_MAX_BYTES)
    except zlib.error:
        return False
    return unpacking.eof
