"""Usage over time, summed by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, Date, cast, func, select

from bot.storage.engine import Database
from bot.storage.tables import generations, refusals
from bot.storage.usage_hours import COUNTS, CREDITS


@dataclass(frozen=True, slots=True)
class Line:
    """One member's figures of one day (UTC)."""

    day: date
    user_id: int
    pictures: int
    credits: int
    refusals: int


class ReportStore:
    """Sums up what a server's members used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lines(self, server_key: str, first: date, last: date, user_id: int | None = None) -> Sequence[Line]:
        """Return a line for each member and day (UTC) on which there was anything, by day and member.

        Both days are whole and counted; only of one member if given.
        """
        begin, end = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))

        def work(connection: Connection) -> Sequence[Line]:
            return _lines(connection, server_key, begin, end, user_id)

        return await self._database.read(work)


def _lines(
    connection: Connection, server_key: str, begin: datetime, end: datetime, user_id: int | None
) -> Sequence[Line]:
    """Return the lines of a time that includes its begin, and not its end."""
    figures: dict[tuple[date, int], list[int]] = {}
    t, day = generations.c, _day(connection, generations.c.created_at)
    made = select(day, t.user_id, func.count(), func.sum(CREDITS)).group_by(day, t.user_id)
    made = made.where(t.server_key == server_key, COUNTS, t.created_at >= begin, t.created_at < end)
    for when, who, pictures, credits_used in connection.execute(made):
        figures[_date(when), who] = [pictures, int(credits_used), 0]
    r, day = refusals.c, _day(connection, refusals.c.at)
    refused = select(day, r.user_id, func.count()).group_by(day, r.user_id)
    refused = refused.where(r.server_key == server_key, r.at >= begin, r.at < end)
    for when, who, count in connection.execute(refused):
        figures.setdefault((_date(when), who), [0, 0, 0])[2] = count
    return [Line(when, who, *of) for (when, who), of in sorted(figures.items()) if user_id in {None, who}]


def _day(connection: Connection, moment: ColumnElement[datetime]) -> ColumnElement[date]:
    """Return the day in UTC of a column, in the words of the database."""
    if connection.dialect.name == "sqlite":
        return func.date(moment)
    return cast(func.timezone("UTC", moment), Date)


def _date(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day
