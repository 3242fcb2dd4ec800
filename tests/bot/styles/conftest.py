"""The ledger, on either database."""

import pytest

from bot.storage.engine import Database
from bot.storage.ledger import LedgerStore


@pytest.fixture
def books(database: Database) -> LedgerStore:
    return LedgerStore(database)
