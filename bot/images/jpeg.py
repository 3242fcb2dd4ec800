"""The structure of a JPEG."""

import re
import struct
from collections.abc import Iterator
from typing import Final

from bot.images.still import SCANS_MAX, FileBytes, NotDecodable, Still
from bot.picture.formats import ImageFormat

_BEGIN, _END = 0xD8, 0xD9
_SCAN: Final = 0xDA
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SEQUENTIAL: Final = frozenset({0xC0, 0xC1, 0xC9})
_PIXELS: Final = _FRAMES | {_SCAN, _END, 0xC4, 0xCC, 0xDB, 0xDD}  # frames, scans, and the tables for them
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length: restarts, and the image's begin
# What ends a scan: any marker but a stuffed byte, a restart, or another fill byte.
_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# Notes that say how the pixels are shown, and how long each is at least: colors, orientation, profile, colors again.
_NOTES: Final = {0xE0: (b"JFIF\0", 14), 0xE1: (b"Exif\0\0", 14), 0xE2: (b"ICC_PROFILE\0", 15), 0xEE: (b"Adobe", 12)}

_Segment = tuple[int, bytes]


def still_jpeg(jpeg: FileBytes) -> Still:
    """Return the first picture of a JPEG, with an end in place of one that was cut off; raise `NotDecodable`."""
    segments = [each for each in _bounded(_segments(jpeg)) if _is_used(*each)]
    frames = [each for each in segments if each[0] in _FRAMES]
    scans = [segment for kind, segment in segments if kind == _SCAN]
    if not (frames and scans) or len(frames[0][1]) < 10:
        raise NotDecodable("there is no picture in it")
    height, width = struct.unpack_from(">HH", frames[0][1], 5)
    is_cut = segments[-1][0] != _END
    content = b"".join([bytes([0xFF, _BEGIN]), *(segment for _, segment in segments), bytes([0xFF, _END])])
    return Still(ImageFormat.JPEG, content, width, height, _is_streamed(frames[0], scans), is_cut)


def _segments(jpeg: FileBytes) -> Iterator[_Segment]:
    """Yield each marker up to the end, with its bytes; a scan's are all up to the next marker."""
    position = 0
    while found := _MARKER.search(jpeg, position):
        kind, start, position = jpeg[found.end() - 1], found.start(), found.end()
        if kind in _BARE:
            continue
        if kind != _END:
            position += int.from_bytes(jpeg[position : position + 2], "big")
        if kind == _SCAN:
            following = _MARKER.search(jpeg, position)
            position = len(jpeg) if following is None else following.start()
        yield kind, jpeg[start:position]
        if kind == _END:
            return


def _bounded(segments: Iterator[_Segment]) -> Iterator[_Segment]:
    """Pass segments on; raise `NotDecodable` at one scan too many, since each has a decoder go through all of it."""
    scans = 0
    for kind, segment in segments:
        scans += kind == _SCAN
        if scans > SCANS_MAX:
            raise NotDecodable("it is made of too many scans")
        yield kind, segment


def _is_used(kind: int, segment: bytes) -> bool:
    """Return True for segments that make pixels, and for valid metadata about how they are shown."""
    begin, least_bytes = _NOTES.get(kind, (b"", 0))
    return kind in _PIXELS or (bool(begin) and segment[4:].startswith(begin) and len(segment) - 4 >= least_bytes)


def _is_streamed(frame: _Segment, scans: list[bytes]) -> bool:
    """Return True if one scan has everything, from top to bottom: then rows can be decoded one by one."""
    kind, head = frame
    return kind in _SEQUENTIAL and len(scans) == 1 and scans[0][4:5] == head[9:10]
