"""A machine for the bot's processes, on either database."""

import sys
from collections.abc import AsyncIterator

import pytest

from tests.faults.ledgers import Books, open_books
from tests.faults.machine import Machine
from tests.stage import Stage


@pytest.fixture
async def books(database_url: str) -> AsyncIterator[Books]:
    """The bot's rows in the database."""
    async with open_books(database_url) as books:
        yield books


@pytest.fixture
async def machine(stage: Stage, database_url: str, books: Books) -> AsyncIterator[Machine]:
    """A machine on which no process is left running; a failed test shows what they logged."""
    machine = Machine(stage, database_url, books)
    try:
        yield machine
    finally:
        await machine.close()
        sys.stdout.write(machine.log)
