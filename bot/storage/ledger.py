"""Counting and writing in one transaction: what the ledger needs of the database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Integer,
    ScalarSelect,
    Select,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)

from bot.picture.decision import Decision
from bot.picture.generation import Generation, State
from bot.storage.engine import Database
from bot.storage.generation_statements import IS_IN_REVIEW, IS_UNORDERED
from bot.storage.rows import to_generation, to_row
from bot.storage.tables import IS_UNFINISHED, generations, reviews, rulebooks
from bot.storage.usage_hours import COUNTS, COUNTS_FOR_MEMBER, CREDITS, OF_MEMBER, OF_SERVER, amount_since, moments

T = TypeVar("T")

_RECENT_PICTURES = 20  # as many tell how long such pictures take, and what they cost


def _at_most(rows: int) -> ColumnElement[int]:
    """Return a LIMIT that PostgreSQL knows when it plans; for a parameter, it reckons with a tenth of the table."""
    return literal_column(str(rows), Integer)


@dataclass(frozen=True, slots=True)
class UsageScope:
    """The scope of a count: a whole server's pictures, or one member's in it."""

    server_key: str
    user_id: int | None = None

    @property
    def parameters(self) -> dict[str, object]:
        """Return the values by which a statement finds them."""
        member = {} if self.user_id is None else {"user_id": self.user_id}
        return {"server_key": self.server_key, **member}


@dataclass(frozen=True, slots=True)
class Counted:
    """What to count: the pictures that were requested since a moment, or their credits; refunded ones do not count."""

    since: datetime
    in_credits: bool = False


@dataclass(frozen=True, slots=True)
class Reserved:
    """A picture that was reserved for an event, and how often the same had happened before."""

    id: UUID
    created_at: datetime
    event_round: int


# Built once, since that takes SQLAlchemy longer than the database takes to answer; by whether one member is meant.
_RUNNING = select(func.count()).where(IS_UNFINISHED, ~IS_IN_REVIEW)  # a review can take a day
_RUNNING_OF = {True: _RUNNING.where(OF_MEMBER), False: _RUNNING.where(OF_SERVER)}
_COUNTED_OF = {True: OF_MEMBER & COUNTS_FOR_MEMBER, False: OF_SERVER & COUNTS}
_LATEST = select(generations.c.created_at).order_by(generations.c.created_at.desc()).limit(_at_most(1))
_LATEST_OF = {of_member: _LATEST.where(counted) for of_member, counted in _COUNTED_OF.items()}
_OLDEST = select(generations.c.created_at, CREDITS.label("credits")).order_by(generations.c.created_at)
_OLDEST_SINCE = _OLDEST.where(generations.c.created_at > bindparam("since"))
_OLDEST_OF = {of_member: _OLDEST_SINCE.where(counted) for of_member, counted in _COUNTED_OF.items()}
_NTH_OLDEST_OF = {
    of_member: oldest.with_only_columns(generations.c.created_at)
    .offset(bindparam("passed_over", type_=Integer))
    .limit(_at_most(1))
    for of_member, oldest in _OLDEST_OF.items()
}
_LATELY = (
    select(generations.c.drawing_seconds, generations.c.credits)
    .where(generations.c.duration_key == bindparam("duration_key"), generations.c.state == State.DELIVERED)
    .order_by(generations.c.finished_at.desc())
    .limit(_at_most(_RECENT_PICTURES))
)
_LATEST_OF_EVENT = (
    select(generations.c.id, generations.c.created_at, generations.c.event_round)
    .where(generations.c.event == bindparam("event"))
    .order_by(generations.c.event_round.desc())
    .limit(_at_most(1))
)
_APPROVED = select(func.count()).where(
    reviews.c.server_key == bindparam("server_key"),
    reviews.c.user_id == bindparam("user_id"),
    reviews.c.decision == Decision.APPROVED,
    reviews.c.decided_by.is_not(None),
)
_RULES = select(rulebooks.c.rules).where(rulebooks.c.server_key == bindparam("server_key"))
_WRITE = insert(generations)
_END_UNORDERED = update(generations).where(generations.c.id == bindparam("which"), IS_UNORDERED).returning(generations)
_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("server_key"), 0)))


@cache
def _usage_query(in_credits: tuple[bool, ...], *, of_member: bool) -> Select[Any]:
    columns: list[ColumnElement[Any]] = [
        amount_since(number, of_member=of_member, in_credits=each).label(f"used_{number}")
        for number, each in enumerate(in_credits)
    ]
    return select(*columns)


def _median(column: ColumnElement[T], recent: CTE) -> ScalarSelect[T]:
    known = select(func.count(column)).select_from(recent).scalar_subquery()
    return (
        select(column)
        .where(column.is_not(None))
        .order_by(column)
        .limit(_at_most(1))
        .offset(known // 2)
        .scalar_subquery()
    )


@cache
def _reservation_query(windows: int) -> Select[Any]:
    """Return one statement for all that a reservation asks, but for credits and events: see `read_ahead`."""
    recent = _LATELY.cte("recent")
    columns: list[ColumnElement[Any]] = [
        _RULES.scalar_subquery(),
        _median(recent.c.drawing_seconds, recent),
        _median(recent.c.credits, recent),
    ]
    for of_member in (True, False):
        columns += [_RUNNING_OF[of_member].scalar_subquery(), _LATEST_OF[of_member].scalar_subquery()]
        columns += [amount_since(number, of_member=of_member) for number in range(windows)]
    return select(*(column.label(f"column_{number}") for number, column in enumerate(columns)))


def lock_server(connection: Connection, server_key: str) -> None:
    """Prevent other transactions for this server until this one ends; on SQLite, BEGIN IMMEDIATE has done so."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"server_key": server_key})


class LedgerTransaction:
    """One open transaction that holds a server's lock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[object, Any] = {}

    def read_ahead(self, member: UsageScope, duration_key: str, since: Sequence[datetime]) -> None:
        """Read in one statement what a reservation will ask, with the pictures since some moments.

        It is answered from memory afterwards: the lock keeps it true until this transaction writes.
        """
        parameters = member.parameters | moments(since) | {"duration_key": duration_key}
        rules, *figures = self._connection.execute(_reservation_query(len(since)), parameters).one()
        known = iter(figures)
        self._known[_RULES] = rules or {}
        self._known[duration_key] = next(known), next(known)
        for whose in (member, UsageScope(member.server_key)):
            self._known[_RUNNING, whose], self._known[_LATEST, whose] = next(known), next(known)
            for each in since:
                self._known[Counted(each), whose] = next(known)

    def used(self, whose: UsageScope, counted: Sequence[Counted]) -> Sequence[int]:
        """Return each count, those that are not known read in one statement."""
        unknown = [each for each in counted if (each, whose) not in self._known]
        found = dict(zip(unknown, self._count(whose, unknown), strict=True))
        return tuple(found[each] if each in found else self._known[each, whose] for each in counted)

    def _count(self, whose: UsageScope, counted: Sequence[Counted]) -> Sequence[int]:
        if not counted:
            return ()
        query = _usage_query(tuple(each.in_credits for each in counted), of_member=whose.user_id is not None)
        return tuple(
            self._connection.execute(query, whose.parameters | moments([each.since for each in counted])).one()
        )

    def running(self, whose: UsageScope) -> int:
        """Return how many pictures are not finished, however long ago they were asked for, without those in review."""
        if (_RUNNING, whose) in self._known:
            return int(self._known[_RUNNING, whose])
        query = _RUNNING_OF[whose.user_id is not None]
        return int(self._connection.execute(query, whose.parameters).scalar_one())

    def credits_asked_at(self, whose: UsageScope, since: datetime, credits_needed: float) -> datetime | None:
        """Return the time of the request with which the oldest pictures since a time reach this many credits."""
        freed = 0
        query = _OLDEST_OF[whose.user_id is not None]
        for row in self._connection.execute(query, whose.parameters | {"since": since}):
            freed += row.credits
            if freed >= credits_needed:
                return row.created_at  # type: ignore[no-any-return]  # a column of ours
        return None

    def rules(self, server_key: str) -> dict[str, Any]:
        """Return the server's rules as JSON, empty if it has set none."""
        if _RULES in self._known:
            return dict(self._known[_RULES])
        rules: dict[str, Any] | None = self._connection.execute(_RULES, {"server_key": server_key}).scalar_one_or_none()
        return rules or {}

    def approved(self, member: UsageScope) -> int:
        """Return how many of a member's pictures and prompts moderators have approved."""
        return int(self._connection.execute(_APPROVED, member.parameters).scalar_one())

    def latest(self, whose: UsageScope) -> datetime | None:
        """Return when the latest picture that counts was asked for, or None if there is none."""
        if (_LATEST, whose) in self._known:
            return self._known[_LATEST, whose]  # type: ignore[no-any-return]  # a column of ours
        query = _LATEST_OF[whose.user_id is not None]
        return self._connection.execute(query, whose.parameters).scalar_one_or_none()

    def nth_oldest(self, whose: UsageScope, since: datetime, n: int) -> datetime | None:
        """Return when the n-th picture that counts since a time was asked for, n from 1, or None if there are fewer."""
        query = _NTH_OLDEST_OF[whose.user_id is not None]
        parameters = whose.parameters | {"since": since, "passed_over": n - 1}
        return self._connection.execute(query, parameters).scalar_one_or_none()

    def usual_cost(self, duration_key: str) -> tuple[float | None, int | None]:
        """Return the median seconds and credits of the latest pictures of this pace, or None where there are none.

        The seconds are those that Apiframe took: waiting in our queue, outages and downtime are not in them.
        """
        if duration_key in self._known:
            return self._known[duration_key]  # type: ignore[no-any-return]  # two columns of ours
        recent = self._connection.execute(_LATELY, {"duration_key": duration_key}).all()
        seconds = sorted(row.drawing_seconds for row in recent if row.drawing_seconds is not None)
        credits_charged = sorted(row.credits for row in recent if row.credits is not None)
        return (
            seconds[len(seconds) // 2] if seconds else None,
            credits_charged[len(credits_charged) // 2] if credits_charged else None,
        )

    def latest_of(self, event_key: str) -> Reserved | None:
        """Return the latest picture that was reserved for an event with this key, or None if there is none."""
        row = self._connection.execute(_LATEST_OF_EVENT, {"event": event_key}).one_or_none()
        return None if row is None else Reserved(*row)

    def write(
        self,
        reserved: Sequence[Generation],
        *,
        duration_key: str,
        credits_reserved: int,
        executor: str,
        event_round: int = 0,
    ) -> None:
        """Write new generations of one request down, each at its estimated price, as the work of one process."""
        same = {"duration_key": duration_key, "credits_reserved": credits_reserved, "executor": executor}
        same["event_round"] = event_round
        self._connection.execute(_WRITE, [to_row(each) | same for each in reserved])

    def end_unordered(self, generation_id: UUID, **columns: object) -> Generation | None:
        """Set columns of a generation that is not ordered yet and return it; None if there is no such one."""
        ended = self._connection.execute(_END_UNORDERED, {"which": generation_id, **columns})
        row = ended.mappings().one_or_none()
        return None if row is None else to_generation(row)


class LedgerStore:
    """Runs the transactions that count and store pictures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def look(self, work: Callable[[LedgerTransaction], T]) -> T:
        """Return what `work` finds, without a lock."""
        return await self._database.read(lambda connection: work(LedgerTransaction(connection)))

    async def transact(self, server_key: str, work: Callable[[LedgerTransaction], T]) -> T:
        """Return what `work` does in a transaction that no other for the server overlaps; a member waits for it."""

        def locked(connection: Connection) -> T:
            lock_server(connection, server_key)
            return work(LedgerTransaction(connection))

        return await self._database.write(locked, urgent=True)
