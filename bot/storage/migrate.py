"""Bring our tables up to date, however many processes try at once."""

import asyncio
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Final

import structlog
from sqlalchemy import Connection, inspect, text

from bot.errors import StartupError
from bot.storage.engine import Database

log = structlog.get_logger(__name__)

MIGRATIONS: Final = Path(__file__).with_name("migrations")
NEWEST: Final = "0001"
"""The last migration's name, which a test compares with Alembic's."""

NEWER: Final = ("The database was migrated by a newer version of the bot.", "Run that version, or restore a backup.")

_ADVISORY_LOCK = 0x696D6167696E65  # "imagine": one migration at a time on a shared server
_ALEMBIC: Final = "bot.storage.revisions"  # by name, since it isn't imported unless it's needed
_WAIT_SECONDS: Final = 60.0  # for a worker that is started at the same time
_PAUSE_SECONDS: Final = 1.0


async def migrate(database: Database) -> None:
    """Run every migration that this database has not seen, in one transaction.

    Raises `StartupError` for a database that a newer bot has migrated.
    """
    await database.write(_upgrade)


async def wait_for_tables(database: Database, seconds: float = _WAIT_SECONDS) -> None:
    """Return once another process has brought the tables up to date; without Alembic, which a gateway doesn't load.

    Raises `StartupError` if nobody does so in time, and for a database that a newer bot has migrated.
    """
    began = monotonic()
    while (found := await database.read(revision_of)) != NEWEST:
        if found is not None and found > NEWEST:  # migrations are numbered
            raise StartupError(*NEWER)
        if monotonic() - began > seconds:
            raise StartupError(
                "The database's tables aren't up to date, and a gateway doesn't update them.",
                "Start a worker with `imagine-bot run --role worker`, or run `imagine-bot migrate`.",
            )
        log.warning("waiting_for_tables", found=found, needed=NEWEST)
        await asyncio.sleep(_PAUSE_SECONDS)


def revision_of(connection: Connection) -> str | None:
    """Return the last migration that a database has seen, or None if it has no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def check_known(revision: str) -> None:
    """Raise `StartupError` for a migration of a newer version of the bot."""
    if revision != NEWEST:
        import_module(_ALEMBIC).check_known(revision)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
    if revision_of(connection) != NEWEST:
        import_module(_ALEMBIC).upgrade(connection)
    # With nothing to migrate, a file or a server that can only be read would be found by the first member.
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
