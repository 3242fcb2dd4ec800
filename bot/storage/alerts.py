"""Alerts with their state, so that each is sent once, by one of all processes."""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage.engine import Database
from bot.storage.tables import alerts

_OVER = alerts.c.resolved


@dataclass(frozen=True, slots=True)
class AlertNews:
    """That a trouble began at a moment, or that it was over then."""

    alert: str
    resolved: bool
    since: datetime
    credits_left: int | None
    detail: str | None = None


class AlertStore:
    """One row for each alert that is active, or whose end wasn't reported yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, news: AlertNews) -> None:
        """Store a new alert to be sent, unless it's already active."""
        again = update(alerts).where(_named(news), _OVER)  # its end wasn't reported
        row = {"alert": news.alert, "since": news.since, "credits_left": news.credits_left, "notify_at": news.since}
        row |= {"detail": news.detail}

        def work(connection: Connection) -> None:
            if not connection.execute(
                again.values(resolved=False, since=news.since, detail=news.detail, notify_at=None)
            ).rowcount:
                connection.execute(insert(alerts), row)

        with suppress(IntegrityError):  # it is known
            await self._database.write(work)

    async def end(self, news: AlertNews) -> None:
        """Store that an alert is resolved and its end is to be sent, unless its beginning wasn't sent."""
        unsent = delete(alerts).where(_named(news), ~_OVER, alerts.c.notify_at.is_not(None))
        told = update(alerts).where(_named(news), ~_OVER)

        def work(connection: Connection) -> None:
            connection.execute(unsent)
            connection.execute(
                told.values(resolved=True, since=news.since, credits_left=news.credits_left, notify_at=news.since)
            )

        await self._database.write(work)

    async def claim(self, seconds: float) -> Sequence[AlertNews]:
        """Return the alerts to be sent now; no other process gets them for this many seconds."""
        now = datetime.now(UTC)
        due = alerts.c.notify_at <= now
        columns = (alerts.c.alert, alerts.c.resolved, alerts.c.since, alerts.c.credits_left, alerts.c.detail)

        def work(connection: Connection) -> Sequence[AlertNews]:
            claim = update(alerts).where(due).values(notify_at=now + timedelta(seconds=seconds)).returning(*columns)
            return [AlertNews(*row) for row in connection.execute(claim)]

        # Looked at first, since nearly always there is nothing: on SQLite, only one can write at a time.
        if await self._database.read(lambda connection: connection.execute(select(columns[0]).where(due)).first()):
            return await self._database.write(work)
        return []

    async def told(self, news: AlertNews) -> None:
        """Store that the operator got the alert."""
        statement = delete(alerts) if news.resolved else update(alerts).values(notify_at=None)
        await self._database.write(lambda connection: connection.execute(statement.where(*_these(news))))

    async def postpone(self, news: AlertNews, seconds: float) -> None:
        """Make it due in this many seconds, for any process."""
        later = update(alerts).where(*_these(news)).values(notify_at=datetime.now(UTC) + timedelta(seconds=seconds))
        await self._database.write(lambda connection: connection.execute(later))

    async def present(self) -> AbstractSet[str]:
        """Return the alerts that are not over."""
        return await self._database.read(
            lambda connection: set(connection.execute(select(alerts.c.alert).where(~_OVER)).scalars())
        )

    async def forget_others(self, than: Collection[str]) -> None:
        """Forget alerts other than some, told or not."""
        statement = delete(alerts).where(alerts.c.alert.not_in(than))
        await self._database.write(lambda connection: connection.execute(statement))


def _named(news: AlertNews) -> ColumnElement[bool]:
    return alerts.c.alert == news.alert


def _these(news: AlertNews) -> tuple[ColumnElement[bool], ...]:
    """Return what finds these very news, and nothing newer of the same trouble."""
    return _named(news), alerts.c.since == news.since
