"""Which pictures an erasure is about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from bot.storage.tables import generations


@dataclass(frozen=True, slots=True)
class PendingErasure:
    """Somebody's wish that all which is stored of them up to a moment be forgotten.

    With a server, a moderator deleted only the pictures that were asked for there since a moment.
    """

    id: int
    user_id: int
    at: datetime
    server_key: str | None = None
    since: datetime | None = None

    @property
    def is_of_person(self) -> bool:
        """Return False if a moderator deleted some pictures, and the person stays known."""
        return self.server_key is None

    @property
    def pictures(self) -> ColumnElement[bool]:
        """Return the condition for the pictures to erase."""
        t = generations.c
        which = (t.user_id == self.user_id) & (t.created_at <= self.at)
        if self.server_key is not None:
            which &= t.server_key == self.server_key
        if self.since is not None:
            which &= t.created_at >= self.since
        return which
