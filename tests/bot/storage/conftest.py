"""The stores, on either database."""

import pytest

from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore


@pytest.fixture
def store(database: Database) -> GenerationStore:
    return GenerationStore(database)


@pytest.fixture
def books(database: Database) -> LedgerStore:
    return LedgerStore(database)
