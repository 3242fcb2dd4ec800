"""Bring our tables up to date, however many processes try at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from bot.errors import StartupError
from bot.storage.engine import Database

_MIGRATIONS = Path(__file__).with_name("migrations")
_ADVISORY_LOCK = 0x696D6167696E65  # "imagine": one migration at a time on a shared server


async def migrate(database: Database) -> None:
    """Run every migration that this database has not seen, in one transaction.

    Raises `StartupError` for a database that a newer bot has migrated.
    """
    await database.write(_upgrade)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
    config = _config()
    config.attributes["connection"] = connection
    with newer_version_refused():
        command.upgrade(config, "head")
    # With nothing to migrate, a file or a server that can only be read would be found by the first member.
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def migration_script() -> ScriptDirectory:
    """Return the migrations that this version knows."""
    return ScriptDirectory.from_config(_config())


@contextmanager
def newer_version_refused() -> Iterator[None]:
    """Raise `StartupError` for a database whose migration this version doesn't know."""
    try:
        yield
    except CommandError as cause:
        raise StartupError(
            "The database was migrated by a newer version of the bot.", "Run that version, or restore a backup."
        ) from cause


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
