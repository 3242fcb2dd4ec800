"""Look at a database without changing it: whether it responds, may be written, and how far its tables are."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, text

from bot.storage.database_failures import DatabaseUnavailable
from bot.storage.migrate import NEWEST, check_known, revision_of

_TIMEOUT_SECONDS: Final = 10
_ROOM: Final = b"\0" * 1024 * 1024  # more than the new tables need

TablesOf = Callable[[Engine], "Tables"]
"""Returns how far some tables are."""


class Tables(Enum):
    """How far the tables of a database are, in the order of how much a start has to do."""

    CURRENT = "tables up to date"
    OUTDATED = "tables will be updated at the start"
    MISSING = "tables will be created at the start"


def inspect_database(url: URL, tables_of: TablesOf, schema: str | None = None) -> Tables:
    """Return how far a database's tables are; `schema` is PostgreSQL's, None for the user's first one.

    Changes nothing, and blocks. Raises what drivers raise, `OSError` for a folder without room, and `StartupError`.
    """
    if url.get_backend_name() == "sqlite":
        return _inspect_file(Path(url.database or ""), tables_of)
    options = {"connect_timeout": _TIMEOUT_SECONDS}
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        connect_args=options,
        hide_parameters=True,
        execution_options={"postgresql_readonly": True},
    )
    found = tables_of(engine)
    with engine.connect() as connection:
        _check_rights(connection, found, schema)
    return found


def our_tables(engine: Engine) -> Tables:
    """Return how far the bot's own tables are; raise `StartupError` if a newer version has migrated them."""
    with engine.connect() as connection:
        known = revision_of(connection)
    if known is None:
        return Tables.MISSING
    check_known(known)
    return Tables.CURRENT if known == NEWEST else Tables.OUTDATED


def check_room(folder: Path) -> None:
    """Raise `OSError` unless files can be written in a folder, or in the nearest one that exists; leaves none there."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    with tempfile.TemporaryFile(dir=there) as file:
        file.write(_ROOM)


def _inspect_file(file: Path, tables_of: TablesOf) -> Tables:
    check_room(file.parent)
    if not file.exists():
        return Tables.MISSING
    engine = create_engine("sqlite://", creator=lambda: _open_existing(file), poolclass=NullPool)
    with _may_be_written(engine):
        return tables_of(engine)


def _open_existing(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=_TIMEOUT_SECONDS, isolation_level=None
    )


@contextmanager
def _may_be_written(engine: Engine) -> Iterator[None]:
    """Begin to write and roll it back, since SQLite gives its lock for a read-only file too."""
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("PRAGMA user_version = 1")
        connection.exec_driver_sql("ROLLBACK")
        yield


def _check_rights(connection: Connection, found: Tables, schema: str | None) -> None:
    """Raise `DatabaseUnavailable` in PostgreSQL's words for a standby, and for a user who may not create tables."""
    if connection.scalar(text("SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool")):
        raise DatabaseUnavailable("read-only")
    if found is not Tables.CURRENT and not connection.scalar(
        text(
            "SELECT CASE WHEN to_regnamespace(:schema) IS NULL"
            " THEN has_database_privilege(current_database(), 'CREATE')"
            " ELSE has_schema_privilege(:schema, 'CREATE') END"
        ),
        {"schema": schema or connection.scalar(text("SELECT current_schema()"))},
    ):
        raise DatabaseUnavailable("permission denied for schema")
