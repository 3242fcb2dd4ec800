"""How large the files of one message may be: all together as Discord takes them, none at the cost of another. Pure."""

from collections.abc import Collection, Mapping
from typing import Final, TypeVar

K = TypeVar("K")

_TEXT_BYTES: Final = 100_000  # of a request, beside its files
_MESSAGE_BYTES: Final = 25 * 1024 * 1024  # Discord's bound for a message, unless a single file may be larger


def too_large(
    new: Mapping[K, int], kept: Collection[int], *, places: int, waiting: int, upload_limit_bytes: int
) -> dict[K, int]:
    """Return how large each of the `new` files that are too large may be instead.

    `kept` files stand in the message already. Each of those that are `waiting` keeps an equal share of the message,
    which has `places` in all. What small files leave of the rest is for the large ones.
    """
    whole = max(upload_limit_bytes, _MESSAGE_BYTES) - _TEXT_BYTES
    room = whole - sum(kept) - waiting * (whole // places)
    limits: dict[K, int] = {}
    for left, (which, size) in zip(range(len(new), 0, -1), sorted(new.items(), key=lambda item: item[1]), strict=True):
        share = max(0, room // left)
        if size > share:
            limits[which] = share
        room -= min(size, share)
    return limits
