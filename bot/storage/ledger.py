"""Counting and writing in one transaction: what the ledger needs of the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.picture.generation import UNFINISHED, Generation, State
from bot.storage.rows import to_row
from bot.storage.tables import generations

_RECENT_PICTURES = 20  # as many tell how long such pictures take, and what they cost


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose pictures are counted: a whole server's, or one member's in it."""

    server_key: str
    user_id: int | None = None

    def clause(self) -> ColumnElement[bool]:
        """Return the condition that finds them."""
        in_server = generations.c.server_key == self.server_key
        return in_server if self.user_id is None else in_server & (generations.c.user_id == self.user_id)


# A refunded picture does not count; one that failed after it was paid for does.
_COUNTS = or_(generations.c.state != State.FAILED, generations.c.credits > 0)


class LedgerTransaction:
    """One open transaction that holds a server's lock."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def used_since(self, whose: Whose, since: datetime) -> int:
        """Return how many pictures count since a moment."""
        query = select(func.count()).where(whose.clause(), _COUNTS, generations.c.created_at > since)
        return (await self._connection.execute(query)).scalar_one()

    async def nth_latest(self, whose: Whose, n: int) -> datetime | None:
        """Return when the n-th latest picture that counts was asked for, n from 1, or None if there are fewer."""
        query = select(generations.c.created_at).where(whose.clause(), _COUNTS)
        query = query.order_by(generations.c.created_at.desc()).offset(n - 1).limit(1)
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def running(self, whose: Whose, since: datetime) -> int:
        """Return how many pictures that were asked for since a moment are not finished."""
        unfinished = generations.c.state.in_(UNFINISHED)
        query = select(func.count()).where(whose.clause(), generations.c.created_at > since, unfinished)
        return (await self._connection.execute(query)).scalar_one()

    async def lately(self, pace: str) -> tuple[float | None, int | None]:
        """Return the median seconds and credits of the latest pictures of this pace, or None where there are none."""
        query = select(generations.c.created_at, generations.c.finished_at, generations.c.credits)
        query = query.where(generations.c.pace == pace, generations.c.state == State.DELIVERED)
        query = query.order_by(generations.c.finished_at.desc()).limit(_RECENT_PICTURES)
        recent = (await self._connection.execute(query)).all()
        seconds = sorted((row.finished_at - row.created_at).total_seconds() for row in recent)
        credits_charged = sorted(row.credits for row in recent if row.credits is not None)
        return (
            seconds[len(seconds) // 2] if seconds else None,
            credits_charged[len(credits_charged) // 2] if credits_charged else None,
        )

    async def write(self, generation: Generation, *, pace: str, credits_reserved: int, executor: str) -> None:
        """Write a new generation down at its estimated price, as the work of one process."""
        row = to_row(generation) | {"pace": pace, "credits_reserved": credits_reserved, "executor": executor}
        await self._connection.execute(insert(generations).values(row))


class LedgerStore:
    """Opens the transactions in which pictures are counted and written down."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def transaction(self, server_key: str) -> AsyncIterator[LedgerTransaction]:
        """Yield a transaction that no other for the same server overlaps."""
        async with self._engine.begin() as connection:
            if self._engine.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE has locked already
                lock = select(func.pg_advisory_xact_lock(func.hashtextextended(server_key, 0)))
                await connection.execute(lock)
            yield LedgerTransaction(connection)
