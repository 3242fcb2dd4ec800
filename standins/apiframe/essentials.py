"""An image file without what its decoder need not read, so that it is taken for its pixels as by the real service."""

import zlib
from collections.abc import Iterator

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_PIXELS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_PNG_LOOKS = frozenset({b"tRNS", b"eXIf"})
_JPEG_BEGIN, _JPEG_END = b"\xff\xd8", b"\xff\xd9"
_JPEG_SCAN, _JPEG_COMMENT = 0xDA, 0xFE
_JPEG_NOTES = range(0xE0, 0xF0)
# Notes that say how the pixels are shown, and how long each is with its marker: colors, orientation, colors again.
_JPEG_LOOKS = {0xE0: (b"JFIF\0", 18), 0xE1: (b"Exif\0\0", 18), 0xEE: (b"Adobe", 16)}


def essentials(content: bytes) -> bytes:
    """Return a PNG or a JPEG without metadata, but with its end; other files as they are."""
    if content.startswith(_PNG_SIGNATURE):
        return _PNG_SIGNATURE + b"".join(_png_chunks(content))
    if content.startswith(_JPEG_BEGIN):
        return b"".join([_JPEG_BEGIN, *_jpeg_segments(content), _JPEG_END])
    return content


def _png_chunks(png: bytes) -> Iterator[bytes]:
    """Yield the chunks that make the picture; of those that only say how it is shown, the sound ones."""
    position = len(_PNG_SIGNATURE)
    while len(head := png[position : position + 8]) == 8:
        end = position + 12 + int.from_bytes(head[:4], "big")
        chunk, kind = png[position:end], head[4:]
        is_sound = zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:], "big") and len(chunk) > 13
        if kind in _PNG_PIXELS or (kind in _PNG_LOOKS and is_sound):
            yield chunk
        position = end


def _jpeg_segments(jpeg: bytes) -> Iterator[bytes]:
    """Yield the segments that make the picture; of notes, those that say how it is shown."""
    position = len(_JPEG_BEGIN)
    while jpeg[position : position + 1] == b"\xff" and jpeg[position + 1 : position + 2] != bytes([_JPEG_SCAN]):
        end = position + 2 + int.from_bytes(jpeg[position + 2 : position + 4], "big")
        segment = jpeg[position:end]
        kind = segment[1] if len(segment) > 1 else 0
        begin, least_bytes = _JPEG_LOOKS.get(kind, (b"-", 0))
        is_note = kind in _JPEG_NOTES or kind == _JPEG_COMMENT
        if not is_note or (segment[4:].startswith(begin) and len(segment) >= least_bytes):
            yield segment
        position = end
    yield jpeg[position:]
