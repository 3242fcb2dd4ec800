"""Inserting rows whose keys may be there, the same on both databases."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def inserted(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert a row unless its key is there, and return True if it wasn't."""
    statement = (
        _insert_of(connection, table).values(**row).on_conflict_do_nothing().returning(*table.primary_key.columns)
    )
    return connection.execute(statement).first() is not None


def put(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, which replace those with the same keys; give them in one order everywhere, so that none deadlock."""
    statement = _insert_of(connection, table).values(rows)
    keys = list(table.primary_key.columns)
    others = {name: statement.excluded[name] for name in rows[0] if name not in table.primary_key.columns}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others))


def _insert_of(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
