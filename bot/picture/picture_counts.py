"""How many pictures would be deleted, and from where."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureCounts:
    """How many pictures there are to delete in each channel, and how many of all are in progress."""

    channels: Sequence[tuple[int, int]]
    in_progress: int

    @property
    def total(self) -> int:
        """Return the number of all."""
        return sum(count for _channel_id, count in self.channels)
