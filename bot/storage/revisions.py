"""Alembic, which is imported only where tables aren't up to date: the import takes a tenth of a start."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from bot.errors import StartupError
from bot.storage.migrate import MIGRATIONS, NEWER


def upgrade(connection: Connection) -> None:
    """Run every migration that this database has not seen; raise `StartupError` if a newer bot has migrated it."""
    config = _config()
    config.attributes["connection"] = connection
    with _newer_version_refused():
        command.upgrade(config, "head")


def check_known(revision: str) -> None:
    """Raise `StartupError` unless this version of the bot has the migration of this name."""
    with _newer_version_refused():
        ScriptDirectory.from_config(_config()).get_revision(revision)


@contextmanager
def _newer_version_refused() -> Iterator[None]:
    try:
        yield
    except CommandError as cause:
        raise StartupError(*NEWER) from cause


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
