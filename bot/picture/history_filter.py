"""Which pictures `/history` shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

DAYS_MAX: Final = 3650


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """The pictures of a member, or with `favourites` those that they keep, narrowed down by the other fields.

    `words` are one line, and `days` are times 24 hours. A field that isn't set leaves nothing out.
    """

    user_id: int
    favourites: bool = False
    channel_id: int | None = None
    days: int | None = None
    words: str = ""

    def since(self, now: datetime) -> datetime | None:
        """Return the moment from which on pictures are shown, or None for all."""
        return None if self.days is None else now - timedelta(days=self.days)

    @property
    def is_narrow(self) -> bool:
        """Return True if there can be pictures that it leaves out."""
        return self.favourites or self.channel_id is not None or self.days is not None or bool(self.words)
