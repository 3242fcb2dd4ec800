"""How frames look on the wire: text, or bytes compressed in one of Discord's three ways."""

import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Final

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdCompressor
else:
    from backports.zstd import ZstdCompressor

Encode = Callable[[str], str | bytes]


def as_text(frame: str) -> str:
    """Return a frame as it is."""
    return frame


def payload_compression(frame: str) -> bytes:
    """Return a frame as a zlib stream of its own, for clients that identify with `compress`."""
    return zlib.compress(frame.encode())


def zlib_stream() -> Encode:
    """Return what compresses a connection's frames in order, sharing one zlib context; each ends with a sync flush."""
    stream = zlib.compressobj()
    return lambda frame: stream.compress(frame.encode()) + stream.flush(zlib.Z_SYNC_FLUSH)


def zstd_stream() -> Encode:
    """Return what compresses a connection's frames in order, sharing one zstd context; each ends with a flush."""
    stream = ZstdCompressor()
    return lambda frame: stream.compress(frame.encode(), ZstdCompressor.FLUSH_BLOCK)


TRANSPORTS: Final[Mapping[str | None, Callable[[], Encode]]] = {
    None: lambda: as_text,
    "zlib-stream": zlib_stream,
    "zstd-stream": zstd_stream,
}
"""The values of the address's `compress`; each call makes a new connection's."""
