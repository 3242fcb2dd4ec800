"""The results of an export and of a deletion."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.limits.policy import Limit, windows_of

LEDGER_KEPT_FOR: Final = max(window.period for window in windows_of(Limit).values())
"""For how long requests count towards limits after their member deleted their data."""


@dataclass(frozen=True, slots=True)
class Export:
    """One part of the copy, at `path` for as long as it is open; the number of parts, and of images that are missing.

    `gone` have expired, and `too_large` don't even fit into Discord's limit separately. `withheld` are stored, but
    moderators haven't approved them.
    """

    path: Path
    number: int
    parts: int
    gone: int
    too_large: int
    withheld: int


@dataclass(frozen=True, slots=True)
class ErasureResult:
    """The immediate result, in pictures: erased, cancelled with a refund, and left to be finished first."""

    erased: int
    cancelled: int
    running: int
