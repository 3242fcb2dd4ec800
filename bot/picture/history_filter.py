"""Which pictures `/history` shows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

DAYS_MAX: Final = 3650


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """The pictures of a member, or with `favourites` those that they keep, narrowed down by the other fields.

    `words` are one line, and `days` are times 24 hours. A field that isn't set leaves nothing out. `style` is the name
    of the style, if it's known.
    """

    user_id: int
    favourites: bool = False
    channel_id: int | None = None
    days: int | None = None
    words: str = ""
    style_id: int | None = None
    style: str = field(default="", compare=False)

    def since(self, now: datetime) -> datetime | None:
        """Return the moment from which on pictures are shown, or None for all."""
        return None if self.days is None else now - timedelta(days=self.days)

    @property
    def is_narrow(self) -> bool:
        """Return True if there can be pictures that it leaves out."""
        narrow = (self.channel_id, self.days, self.style_id)
        return self.favourites or bool(self.words) or any(each is not None for each in narrow)
