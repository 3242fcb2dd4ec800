"""A clock, and a ledger on each database."""

from functools import partial

import pytest

from bot.storage.engine import Database
from tests.bot.limits.counting import OpenLedger, Watch, ledger_of


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def open_ledger(database: Database, watch: Watch) -> OpenLedger:
    """Return a way to open the ledger with the operator's limits for members and servers."""
    return partial(ledger_of, database, watch)
