"""A machine for the bot's processes, on either database."""

import sys
from collections.abc import AsyncIterator

import pytest
from dbos import DBOSClient

from bot.storage.engine import Database, durable_url, parse_database_url
from tests.faults.books import Books
from tests.faults.machine import Machine
from tests.stage import Stage


@pytest.fixture
async def books(database_url: str) -> AsyncIterator[Books]:
    """What the bot writes into the database; on SQLite, that is where it keeps its own by default."""
    url = parse_database_url(database_url)
    database = Database(url)
    work = DBOSClient(system_database_url=durable_url(url).render_as_string(hide_password=False), lazy=True)
    try:
        yield Books(database, work)
    finally:
        work.destroy()
        await database.close()


@pytest.fixture
async def machine(stage: Stage, database_url: str, books: Books) -> AsyncIterator[Machine]:
    """A machine on which no process is left running; a failed test shows what they logged."""
    machine = Machine(stage, database_url, books)
    try:
        yield machine
    finally:
        await machine.close()
        sys.stdout.write(machine.log)
