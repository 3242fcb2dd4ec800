"""The database rejects something: temporary failures are retried, and bugs are not."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.storage.database_failures import DatabaseUnavailable
from bot.storage.engine import Database
from tests.promises import StorageFault

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
_RAISE = "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{}'; END $$"


def raising(sqlstate: str) -> Callable[[Connection], object]:
    """Return a transaction that the server ends with an error of its own."""
    return lambda connection: connection.execute(text(_RAISE.format(sqlstate)))


PASSING = (
    *("08000", "08003", "08006", "08P01", "25006", "25P03", "25P04", "40001", "40P01", "53000", "53100", "53200"),
    *("53300", "53400", "55P03", "57000", "57014", "57P01", "57P02", "57P03", "58000", "58030", "58P01"),
)


@pytest.mark.promise(StorageFault.DATABASE_READ_ONLY)
@on_postgresql
@pytest.mark.parametrize("sqlstate", PASSING)
async def test_what_passes_is_an_outage(database: Database, sqlstate: str) -> None:
    """A server that is gone, stopping, full, overloaded or read-only will do later what it does not do now."""
    with pytest.raises(DatabaseUnavailable):
        await database.write(raising(sqlstate))


@on_postgresql
@pytest.mark.parametrize("sqlstate", ["22001", "23505", "25P02", "42601", "42703", "42P01", "42501", "XX001"])
async def test_a_mistake_is_no_outage(database: Database, sqlstate: str) -> None:
    """An error that no waiting fixes is raised unchanged."""
    with pytest.raises(DBAPIError):
        await database.write(raising(sqlstate))


@on_postgresql
async def test_a_connection_to_a_server_that_turned_read_only_is_not_used_again(database: Database) -> None:
    """After a failover, the same address may lead to another server."""
    with pytest.raises(DatabaseUnavailable) as lost:
        await database.write(raising("25006"))
    with pytest.raises(DBAPIError) as mistaken:
        await database.write(raising("23505"))
    assert isinstance(lost.value.__cause__, DBAPIError)
    assert lost.value.__cause__.connection_invalidated
    assert not mistaken.value.connection_invalidated
