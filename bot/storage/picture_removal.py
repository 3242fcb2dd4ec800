"""Deleting a member's latest pictures in a server: the request, which `bot/privacy/erasure.py` then carries out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, insert, select, update

from bot.picture.generation import State
from bot.picture.picture_counts import PictureCounts
from bot.storage.engine import Database
from bot.storage.generation_statements import IS_UNORDERED
from bot.storage.ledger import lock_server
from bot.storage.reviews import end_pictures_in_review
from bot.storage.rules import RulesTransaction
from bot.storage.tables import IS_UNFINISHED, erasures, generations
from bot.storage.usage_hours import lock_changes_of_many


@dataclass(frozen=True, slots=True)
class MemberPictures:
    """A member's pictures that were asked for in a server from one moment to another."""

    server_key: str
    user_id: int
    since: datetime
    at: datetime

    @property
    def condition(self) -> ColumnElement[bool]:
        """Return the condition for those pictures."""
        t = generations.c
        return (
            (t.server_key == self.server_key)
            & (t.user_id == self.user_id)
            & (t.created_at >= self.since)
            & (t.created_at <= self.at)
        )


class PictureRemovalStore:
    """Counts the pictures to delete, and stores the request to delete them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self, of: MemberPictures) -> PictureCounts:
        """Return how many pictures would be deleted now."""
        return await self._database.read(lambda connection: _counts(connection, of))

    async def begin(
        self, of: MemberPictures, cancelled: dict[str, Any], by_id: int, command: str, change: dict[str, Any]
    ) -> tuple[PictureCounts, int] | None:
        """Store the request with its line in the audit log, mark finished pictures, and refund those not ordered yet.

        Returns the counts and the number of the line, or None if nothing is left: another moderator was first.
        """
        t = generations.c
        mark = update(generations).where(of.condition, ~IS_UNFINISHED, t.deleted_at.is_(None))
        refund = update(generations).where(of.condition, IS_UNORDERED)
        refunded = {"state": State.FAILED, "credits": 0, "failure": cancelled, "finished_at": of.at}

        def work(connection: Connection) -> tuple[PictureCounts, int] | None:
            lock_server(connection, of.server_key)
            lock_changes_of_many(connection)
            counts = _counts(connection, of)
            if not counts.total:
                return None
            connection.execute(refund.values(**refunded))
            end_pictures_in_review(connection, of.condition, failure=cancelled, finished_at=of.at)
            connection.execute(mark.values(deleted_at=of.at))
            asked = {"user_id": of.user_id, "at": of.at, "server_key": of.server_key, "since": of.since}
            connection.execute(insert(erasures).values(**asked))
            changes = [change | {"before": counts.total}]
            return counts, RulesTransaction(connection, of.server_key).record(of.at, by_id, command, changes)

        return await self._database.write(work, urgent=True)


def _counts(connection: Connection, of: MemberPictures) -> PictureCounts:
    t, e = generations.c, erasures.c
    asked = (e.server_key == t.server_key) & (e.user_id == t.user_id) & (e.since <= t.created_at)
    is_asked = exists().where(asked & (e.at >= t.created_at)).correlate(generations)
    query = select(t.channel_id, func.count(), func.count().filter(IS_UNFINISHED))
    query = query.where(of.condition, t.deleted_at.is_(None), t.erased_at.is_(None), t.state != State.FAILED, ~is_asked)
    rows = connection.execute(query.group_by(t.channel_id).order_by(func.count().desc(), t.channel_id)).all()
    return PictureCounts([(row[0], row[1]) for row in rows], sum(row[2] for row in rows))
