"""Counting and writing in one transaction: what the ledger needs of the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Integer, bindparam, func, insert, or_, select

from bot.picture.generation import UNFINISHED, Generation, State
from bot.storage.engine import Database
from bot.storage.rows import to_row
from bot.storage.tables import generations

T = TypeVar("T")

_RECENT_PICTURES = 20  # as many tell how long such pictures take, and what they cost


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose pictures are counted: a whole server's, or one member's in it."""

    server_key: str
    user_id: int | None = None

    @property
    def parameters(self) -> dict[str, object]:
        """Return the values by which a statement finds them."""
        member = {} if self.user_id is None else {"user_id": self.user_id}
        return {"server_key": self.server_key, **member}


@dataclass(frozen=True, slots=True)
class Used:
    """How many pictures were asked for, without refunded ones, and how many are not finished."""

    last_hour: int
    last_day: int
    running: int


# A refunded picture does not count; one that failed after it was paid for does.
_COUNTS = or_(generations.c.state != State.FAILED, generations.c.credits > 0)

# Built once, since that takes SQLAlchemy longer than the database takes to answer; by whether one member is meant.
_OF_SERVER = generations.c.server_key == bindparam("server_key")
_OF_MEMBER = _OF_SERVER & (generations.c.user_id == bindparam("user_id"))
_USED = select(
    func.count().filter(_COUNTS, generations.c.created_at > bindparam("hour_ago")),
    func.count().filter(_COUNTS),
    func.count().filter(generations.c.state.in_(UNFINISHED)),
).where(generations.c.created_at > bindparam("day_ago"))
_USED_BY = {True: _USED.where(_OF_MEMBER), False: _USED.where(_OF_SERVER)}
_LATEST = select(generations.c.created_at).where(_COUNTS).order_by(generations.c.created_at.desc())
_NTH_LATEST = _LATEST.offset(bindparam("before", type_=Integer)).limit(1)
_NTH_LATEST_OF = {True: _NTH_LATEST.where(_OF_MEMBER), False: _NTH_LATEST.where(_OF_SERVER)}
_LATELY = (
    select(generations.c.created_at, generations.c.finished_at, generations.c.credits)
    .where(generations.c.pace == bindparam("pace"), generations.c.state == State.DELIVERED)
    .order_by(generations.c.finished_at.desc())
    .limit(_RECENT_PICTURES)
)
_WRITE = insert(generations)
_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("server_key"), 0)))


class LedgerTransaction:
    """One open transaction that holds a server's lock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def used(self, whose: Whose, hour_ago: datetime, day_ago: datetime) -> Used:
        """Return how many pictures count in the last hour and the last day, and how many of these are not finished."""
        query = _USED_BY[whose.user_id is not None]
        moments = {"hour_ago": hour_ago, "day_ago": day_ago}
        return Used(*self._connection.execute(query, whose.parameters | moments).one())

    def nth_latest(self, whose: Whose, n: int) -> datetime | None:
        """Return when the n-th latest picture that counts was asked for, n from 1, or None if there are fewer."""
        query = _NTH_LATEST_OF[whose.user_id is not None]
        return self._connection.execute(query, whose.parameters | {"before": n - 1}).scalar_one_or_none()

    def lately(self, pace: str) -> tuple[float | None, int | None]:
        """Return the median seconds and credits of the latest pictures of this pace, or None where there are none."""
        recent = self._connection.execute(_LATELY, {"pace": pace}).all()
        seconds = sorted((row.finished_at - row.created_at).total_seconds() for row in recent)
        credits_charged = sorted(row.credits for row in recent if row.credits is not None)
        return (
            seconds[len(seconds) // 2] if seconds else None,
            credits_charged[len(credits_charged) // 2] if credits_charged else None,
        )

    def write(self, generation: Generation, *, pace: str, credits_reserved: int, executor: str) -> None:
        """Write a new generation down at its estimated price, as the work of one process."""
        row = to_row(generation) | {"pace": pace, "credits_reserved": credits_reserved, "executor": executor}
        self._connection.execute(_WRITE, row)


class LedgerStore:
    """Runs the transactions in which pictures are counted and written down."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def transact(self, server_key: str, work: Callable[[LedgerTransaction], T]) -> T:
        """Return what `work` does in a transaction that no other for the same server overlaps."""

        def locked(connection: Connection) -> T:
            if self._database.dialect == "postgresql":  # SQLite's BEGIN IMMEDIATE has locked already
                connection.execute(_LOCK, {"server_key": server_key})
            return work(LedgerTransaction(connection))

        return await self._database.write(locked)
