"""PostgreSQL plans a statement once, where each statement of a connection reaches the same session."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from benchmarks.full_ledger import BUSY_MONTH, fill
from bot.limits.usage import PICTURE_PERIODS
from bot.storage.engine import Database, parse_database_url
from bot.storage.ledger import LedgerTransaction, UsageScope
from tests.pooler import needs_pgbouncer

REPEATED = "SELECT count(*) FROM generations WHERE server_key = :server_key"
OFTEN = 8


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = Database(parse_database_url(url))
    yield database
    await database.close()


def _count(connection: Connection) -> None:
    connection.execute(text(REPEATED), {"server_key": "guild:1"})


def _read_ahead(connection: Connection) -> None:
    """Read what a reservation reads."""
    member = UsageScope(f"guild:{BUSY_MONTH}", 7)
    LedgerTransaction(connection).read_ahead(member, "1+0", [datetime.now(UTC) - each for each in PICTURE_PERIODS])


def _planned_for_all_values(connection: Connection) -> int:
    """Return how often this connection's session ran a plan that it made once, without knowing the values."""
    known = "SELECT sum(generic_plans) FROM pg_prepared_statements WHERE statement LIKE '%recent%usage_hours%'"
    return int(connection.execute(text(known)).scalar_one())


def _prepared(connection: Connection) -> int:
    """Return how many statements this connection's session has prepared."""
    known = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%server_key%'"
    return int(connection.execute(text(known)).scalar_one())


async def test_a_statement_that_repeats_is_planned_once(postgres_url: str) -> None:
    """It's prepared, and reads and writes in between leave it so."""
    async with _opened(postgres_url) as database:
        for _ in range(OFTEN):
            await database.read(_count)
            await database.write(_count)
        assert await database.read(_prepared) == 1


async def test_a_reservation_is_not_planned_anew_each_time(postgres_url: str) -> None:
    """Planning takes longer than reading, so each estimate that lacks a value has to be as low as with it."""
    async with _opened(postgres_url) as database:
        await fill(database, 20_000)
        for _ in range(20):
            await database.read(_read_ahead)
        assert await database.read(_planned_for_all_values) >= 8


@needs_pgbouncer
async def test_behind_a_pooler_nothing_is_prepared(pooled_url: str) -> None:
    """The next statement may be run by another session, which wouldn't know it."""
    async with _opened(pooled_url) as database:
        for _ in range(OFTEN):
            await database.read(_count)
        assert await database.read(_prepared) == 0
