"""The weekly summaries in the audit log channels: which are due, and which were posted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, delete, or_, select, update

from bot.storage.engine import Database
from bot.storage.inserts import inserted
from bot.storage.tables import rulebooks, weekly_summaries

_WORK: Final = timedelta(minutes=2)  # for which one process has a summary to itself; a nonce covers a slower one
_KEPT: Final = timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class SummaryAttempt:
    """A summary that one process is about to post; an earlier try may have posted it in `channel_id` since a moment."""

    server_key: str
    week: date
    channel_id: int | None
    since: datetime | None


class WeeklySummaryStore:
    """Hands summaries out to be posted, each to one process at a time; a week is known by its Monday."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, week: date, now: datetime) -> Sequence[str]:
        """Return the keys of the servers whose summary of a week is to be posted, and no other process has just now."""
        r, t = rulebooks.c, weekly_summaries.c
        wanted = and_(r.rules["weekly_summary"].as_boolean(), r.rules["log_channel_id"].as_string().is_not(None))
        joined = rulebooks.outerjoin(weekly_summaries, and_(t.server_key == r.server_key, t.week == week))
        open_ = or_(t.week.is_(None), and_(t.done.is_(False), t.not_before <= now))
        query = select(r.server_key).select_from(joined).where(wanted, open_).order_by(r.server_key)
        return await self._database.read(lambda connection: connection.execute(query).scalars().all())

    async def take(self, server_key: str, week: date, now: datetime) -> SummaryAttempt | None:
        """Return a summary for this process to post, or None if it's posted or another process has it."""
        t = weekly_summaries.c
        row = {"server_key": server_key, "week": week, "not_before": now + _WORK}
        old = delete(weekly_summaries).where(t.server_key == server_key, t.week < week - _KEPT)
        free = and_(t.server_key == server_key, t.week == week, t.done.is_(False), t.not_before <= now)
        taken = update(weekly_summaries).where(free).values(not_before=now + _WORK)

        def work(connection: Connection) -> SummaryAttempt | None:
            if inserted(connection, weekly_summaries, row):
                connection.execute(old)
                return SummaryAttempt(server_key, week, None, None)
            tried = connection.execute(taken.returning(t.channel_id, t.posting_since)).first()
            return None if tried is None else SummaryAttempt(server_key, week, tried.channel_id, tried.posting_since)

        return await self._database.write(work)

    async def note_posting(self, attempt: SummaryAttempt, channel_id: int, now: datetime) -> None:
        """Note the channel in which the summary stands from now on, if it can be posted."""
        since = now if attempt.since is None or attempt.channel_id != channel_id else attempt.since
        await self._change(attempt, channel_id=channel_id, posting_since=since)

    async def note_done(self, attempt: SummaryAttempt) -> None:
        """Note that the summary is posted, or that there is nothing to post."""
        await self._change(attempt, done=True)

    async def postpone(self, attempt: SummaryAttempt, until: datetime) -> None:
        """Keep every process from posting the summary before a moment."""
        await self._change(attempt, not_before=until)

    async def _change(self, attempt: SummaryAttempt, **values: object) -> None:
        t = weekly_summaries.c
        its = and_(t.server_key == attempt.server_key, t.week == attempt.week)
        await self._database.write(lambda connection: connection.execute(update(weekly_summaries).where(its), values))
