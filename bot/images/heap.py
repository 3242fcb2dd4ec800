"""How much freed memory the process keeps for the next picture."""

import ctypes
from contextlib import suppress
from typing import Final

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of glibc's mallopt(3)
_KEPT_BYTES: Final = 24 * 1024 * 1024  # in each thread that decodes: what a picture of one megapixel takes
_LARGEST_KEPT_BYTES: Final = 8 * 1024 * 1024  # larger blocks, of larger pictures, go back to the system at once


def keep_freed_memory() -> None:
    """Keep some memory of a decoded picture for the next one; does nothing without glibc.

    Otherwise each picture is decoded into new pages, which the system has to find and clear one by one.
    """
    with suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        mallopt(_MMAP_THRESHOLD, _LARGEST_KEPT_BYTES)
