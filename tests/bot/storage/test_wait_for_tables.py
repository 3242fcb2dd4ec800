"""A process without Alembic waits for another one to update the tables."""

import asyncio

import pytest
from sqlalchemy import text

from bot.errors import StartupError
from bot.storage.engine import Database, parse_database_url
from bot.storage.migrate import migrate, wait_for_tables


@pytest.fixture
def postgres_url(empty_postgres_url: str) -> str:
    return empty_postgres_url


@pytest.fixture
def sqlite_url(empty_sqlite_url: str) -> str:
    return empty_sqlite_url


@pytest.fixture
def empty(database_url: str) -> Database:
    return Database(parse_database_url(database_url))


async def test_tables_that_nobody_makes_are_a_sentence(empty: Database) -> None:
    """It says which process brings them up to date."""
    with pytest.raises(StartupError, match="Start a worker"):
        await wait_for_tables(empty, seconds=0)
    await empty.close()


async def test_tables_that_are_made_meanwhile_are_enough(empty: Database) -> None:
    """A worker that is started at the same time migrates them."""
    waiting = asyncio.create_task(wait_for_tables(empty, seconds=60))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await migrate(empty)
    await waiting
    await empty.close()


async def test_newer_tables_are_refused(empty: Database) -> None:
    """They belong to a newer version of the bot."""
    await migrate(empty)
    await empty.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(StartupError, match="newer version"):
        await wait_for_tables(empty)
    await empty.close()
