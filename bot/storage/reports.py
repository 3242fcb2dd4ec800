"""Usage over time, summed by the database."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, Date, cast, func, select

from bot.picture.usage_figures import NO_FILTER, DetailedLine, Figures, Line, Part, UsageFilter
from bot.storage.engine import Database
from bot.storage.tables import generations, refusals
from bot.storage.usage_hours import COUNTS, CREDITS

K = TypeVar("K")


class ReportStore:
    """Sums up what a server's members used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def figures(self, server_key: str, first: date, last: date, only: UsageFilter = NO_FILTER) -> Figures:
        """Return the figures of some days (UTC), all of them whole and counted."""
        begin, end = _span(first, last)

        def work(connection: Connection) -> Figures:  # sums here too, which is not the event loop's thread
            details = [*_made(connection, server_key, begin, end, only)]
            if only.has_refusals:
                details += _refused(connection, server_key, begin, end, only)
            return _figures(details)

        return await self._database.read(work)

    async def refusals_by_rule(self, server_key: str, first: date, last: date) -> Sequence[tuple[str, int]]:
        """Return how often each rule refused a picture on some days (UTC), the most frequent first."""
        r, count = refusals.c, func.count().label("refused")
        begin, end = _span(first, last)
        query = select(r.rule, count).where(r.server_key == server_key, r.at >= begin, r.at < end)
        query = query.group_by(r.rule).order_by(count.desc(), r.rule)
        return await self._database.read(lambda connection: [(row[0], row[1]) for row in connection.execute(query)])


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the moments at which some days (UTC) begin and end."""
    return datetime.combine(first, time(), UTC), datetime.combine(last + timedelta(days=1), time(), UTC)


def _made(
    connection: Connection, server_key: str, begin: datetime, end: datetime, only: UsageFilter
) -> Iterator[DetailedLine]:
    t, day = generations.c, _day(connection, generations.c.created_at)
    query = select(day, t.user_id, t.channel_id, t.style_id, func.count(), func.sum(CREDITS))
    query = query.where(t.server_key == server_key, COUNTS, t.created_at >= begin, t.created_at < end)
    for column, value in ((t.user_id, only.user_id), (t.channel_id, only.channel_id), (t.style_id, only.style_id)):
        query = query if value is None else query.where(column == value)
    query = query.group_by(day, t.user_id, t.channel_id, t.style_id)
    for when, who, channel_id, style_id, pictures, credits_used in connection.execute(query):
        yield DetailedLine(_date(when), who, channel_id, style_id, pictures, int(credits_used), 0)


def _refused(
    connection: Connection, server_key: str, begin: datetime, end: datetime, only: UsageFilter
) -> Iterator[DetailedLine]:
    r, day = refusals.c, _day(connection, refusals.c.at)
    query = select(day, r.user_id, func.count()).group_by(day, r.user_id)
    query = query.where(r.server_key == server_key, r.at >= begin, r.at < end)
    query = query if only.user_id is None else query.where(r.user_id == only.user_id)
    for when, who, count in connection.execute(query):
        yield DetailedLine(_date(when), who, None, None, 0, 0, count)


def _figures(details: Sequence[DetailedLine]) -> Figures:
    by_member = _summed(details, lambda each: (each.day, each.user_id))
    made = [each for each in details if each.pictures]
    return Figures(
        sorted(details, key=lambda each: (each.day, each.user_id, each.channel_id or 0, each.style_id or 0)),
        [Line(day, user_id, *sums) for (day, user_id), sums in sorted(by_member.items())],
        _parts(_summed(made, attrgetter("channel_id"))),
        _parts(_summed(made, attrgetter("style_id"))),
    )


def _summed(lines: Iterable[DetailedLine], key: Callable[[DetailedLine], K]) -> dict[K, list[int]]:
    """Return the pictures, credits and refusals of each key."""
    sums: defaultdict[K, list[int]] = defaultdict(lambda: [0, 0, 0])
    for line in lines:
        of = sums[key(line)]
        of[0] += line.pictures
        of[1] += line.credits
        of[2] += line.refusals
    return sums


def _parts(sums: dict[int | None, list[int]]) -> Sequence[Part]:
    parts = [Part(which, pictures, credits_used) for which, (pictures, credits_used, _refusals) in sums.items()]
    return sorted(parts, key=lambda each: (-each.pictures, -each.credits, each.id or 0))


def _day(connection: Connection, moment: ColumnElement[datetime]) -> ColumnElement[date]:
    """Return the day in UTC of a column, in the words of the database."""
    if connection.dialect.name == "sqlite":
        return func.date(moment)
    return cast(func.timezone("UTC", moment), Date)


def _date(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day
