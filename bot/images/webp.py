"""The structure of a WebP."""

import struct
from collections.abc import Iterator, Sequence
from typing import Final

from bot.images.still import FRAMES_MAX, FileBytes, NotDecodable, Still
from bot.picture.formats import ImageFormat

_EXTENDED, _FRAME = b"VP8X", b"ANMF"
_ANIMATED, _EXIF, _ALPHA, _PROFILE = 0x02, 0x08, 0x10, 0x20  # flags of an extended file
_NOTES: Final = {b"EXIF": _EXIF, b"ICCP": _PROFILE}
_HEAD_BYTES: Final = 8  # of a chunk: its kind and the length of its body

_Chunk = tuple[bytes, bytes]


def still_webp(webp: FileBytes) -> Still:
    """Return the first picture of a WebP; raise `NotDecodable`."""
    chunks = _chunks(webp)
    kind, first = next(chunks, (b"", b""))
    others = list(_bounded(chunks)) if kind == _EXTENDED else []
    body = b"WEBP" + b"".join(_first_picture(first, others) if others else [first])
    width, height = _size(kind, first[_HEAD_BYTES:])
    content = b"RIFF" + struct.pack("<I", len(body)) + body
    is_cut = not all(_is_whole(chunk) for _, chunk in others)
    return Still(ImageFormat.WEBP, content, width, height, is_cut=is_cut)


def _chunks(webp: FileBytes) -> Iterator[_Chunk]:
    """Yield the kind of each chunk, and its bytes as far as they are there."""
    position = 12
    while len(head := webp[position : position + _HEAD_BYTES]) == _HEAD_BYTES:
        length = int.from_bytes(head[4:], "little")
        end = position + _HEAD_BYTES + length + length % 2
        yield head[:4], webp[position:end]
        position = end


def _bounded(chunks: Iterator[_Chunk]) -> Iterator[_Chunk]:
    """Pass chunks on; raise `NotDecodable` at one frame too many."""
    frames = 0
    for kind, chunk in chunks:
        frames += kind == _FRAME
        if frames > FRAMES_MAX:
            raise NotDecodable("it is made of too many frames")
        yield kind, chunk


def _first_picture(head: bytes, chunks: Sequence[_Chunk]) -> list[bytes]:
    """Return the chunks of an extended file's first picture, and the notes that say how it is shown."""
    flags = head[_HEAD_BYTES] & (_ALPHA | _ANIMATED) if len(head) > _HEAD_BYTES else 0
    found = dict(reversed(chunks))  # the first of each kind
    for kind, flag in _NOTES.items():
        if _is_whole(found.get(kind, b"")):
            flags |= flag
        else:
            found.pop(kind, None)
    pixels = (b"ANIM", _FRAME) if flags & _ANIMATED else (b"ALPH", b"VP8 ", b"VP8L")
    kept = [found[kind] for kind in (b"ICCP", *pixels, b"EXIF") if kind in found]
    return [head[:_HEAD_BYTES] + bytes([flags]) + head[_HEAD_BYTES + 1 :], *kept]


def _is_whole(chunk: bytes) -> bool:
    return len(chunk) > _HEAD_BYTES and len(chunk) - _HEAD_BYTES >= int.from_bytes(chunk[4:_HEAD_BYTES], "little")


def _size(kind: bytes, body: bytes) -> tuple[int, int]:
    """Return width and height from the body of a file's first chunk; raise `NotDecodable`."""
    if len(body) < 10:
        raise NotDecodable("it does not begin like a WebP")
    match kind:
        case b"VP8X":
            return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
        case b"VP8L":
            bits = int.from_bytes(body[1:5], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", body, 6)
            return width & 0x3FFF, height & 0x3FFF
        case _:
            raise NotDecodable("it does not begin like a WebP")
