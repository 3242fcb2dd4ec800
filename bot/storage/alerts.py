"""What the operator has been told of and has yet to be told of, so that it is done once, by one of all processes."""

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
    """One row for each trouble that is not over, or of whose end the operator has yet to be told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, news: AlertNews) -> None:
        """Write down that a trouble is there and to be told, unless that is known."""
        again = update(alerts).where(_named(news), _OVER)  # nobody was told that it was over
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
        """Write down that a trouble is over and to be told, unless nobody was told that it was there."""
        unsent = delete(alerts).where(_named(news), ~_OVER, alerts.c.notify_at.is_not(None))
        told = update(alerts).where(_named(news), ~_OVER)

        def work(connection: Connection) -> None:
            connection.execute(unsent)
            connection.execute(
                told.values(resolved=True, since=news.since, credits_left=news.credits_left, notify_at=news.since)
            )

        await self._database.write(work)

    async def claim(self, seconds: float) -> Sequence[AlertNews]:
        """Return what is to be told now; nobody else gets it for so many seconds."""
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
        """Write down that the operator was told."""
        statement = delete(alerts) if news.resolved else update(alerts).values(notify_at=None)
        await self._database.write(lambda connection: connection.execute(statement.where(*_these(news))))

    async def postpone(self, news: AlertNews, seconds: float) -> None:
        """Have it told in so many seconds, by whoever looks first."""
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
