"""DBOS's tables: how far they are, without changing them."""

from typing import Final

from dbos._migration import get_migration_versions, get_sqlite_migration_versions
from sqlalchemy import Engine

from bot.storage.inspection import Tables

SCHEMA: Final = "dbos"  # in PostgreSQL


def workflow_tables(engine: Engine) -> Tables:
    """Return how far DBOS's tables are."""
    is_sqlite = engine.dialect.name == "sqlite"
    known, latest = (
        get_sqlite_migration_versions(engine) if is_sqlite else get_migration_versions(engine, SCHEMA, False)
    )
    if known == 0:
        return Tables.MISSING
    return Tables.CURRENT if known >= latest else Tables.OUTDATED
