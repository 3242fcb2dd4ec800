"""The operator who upgrades, and the engineer who changes a table."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from bot.storage.engine import Database, parse_database_url
from bot.storage.migrate import MIGRATIONS, NEWEST, migrate
from bot.storage.tables import generations, metadata

ONLY_ON_THE_OTHER = {"sqlite": "generations_in_history", "postgresql": "generations_in_history_with_prompt"}


@pytest.fixture
def sqlite_url(empty_sqlite_url: str) -> str:
    """No tables yet."""
    return empty_sqlite_url


@pytest.fixture
def postgres_url(empty_postgres_url: str) -> str:
    """No tables yet."""
    return empty_postgres_url


async def test_migrations_build_exactly_the_tables_that_the_queries_name(database: Database) -> None:
    """A table, column, type or index that one of the two has and the other has not shows up here."""

    def differences(connection: Connection) -> list[object]:
        elsewhere = ONLY_ON_THE_OTHER[connection.dialect.name]
        opts: dict[str, object] = {"compare_type": True, "compare_server_default": True}
        opts["include_object"] = lambda _object, name, *_: name != elsewhere
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, metadata))

    assert await database.read(differences) == []
    tables = await database.read(lambda connection: set(inspect(connection).get_table_names()))
    assert tables == {*metadata.tables, "alembic_version"}


def test_a_start_knows_the_newest_migration_without_alembic() -> None:
    """A database that has seen it is up to date, and only another one has Alembic imported."""
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == NEWEST


async def test_processes_that_start_together_migrate_once(database_url: str) -> None:
    """The second process waits, and finds the database migrated."""
    databases = [Database(parse_database_url(database_url)) for _ in range(3)]
    await asyncio.gather(*(migrate(database) for database in databases))
    for database in databases:
        await database.close()


def test_no_partial_index_compares_a_column_with_a_value() -> None:
    """SQLite would prepare each statement that binds a value for that column again at every execution."""
    conditions = {each.name: str(each.dialect_options["sqlite"].get("where")) for each in generations.indexes}
    assert [name for name, condition in conditions.items() if "=" in condition] == []
