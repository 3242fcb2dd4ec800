"""DBOS's tables and our queue in them."""

import sqlite3
import sys
from typing import Final

from dbos import DBOS, DBOSClient, DBOSConfig
from sqlalchemy import URL

from bot.errors import StartupError
from bot.settings import GenerationSettings
from bot.storage.database_failures import database_startup

QUEUE: Final = "pictures"
APPLICATION_NAME: Final = "imagine-bot"
# Changes only when workflows of an older version could not be carried on by newer code: DBOS recovers none but its own.
APPLICATION_VERSION: Final = "1"
_THREADS: Final = 32  # for DBOS's database calls, and, since it takes the loop's default executor over, for our files
_LISTENER_SECONDS: Final = 0.1  # between two looks at a list that stays empty; stopping waits for one of them


def prepare(url: URL, direct_url: URL | None, settings: GenerationSettings) -> None:
    """Create or update DBOS's tables and our queue in them; blocks. `direct_url` leads past a pooler, for migrations.

    Raises `StartupError` for a database that cannot have them, and for too old an SQLite.
    """
    with database_startup(url):
        if url.get_backend_name() == "sqlite":
            check_sqlite()
            with sqlite3.connect(str(url.database)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")  # stays with the file
            connection.close()
        DBOS.migrate(_text(direct_url or url))
        _register_queue(url, settings)


def configuration(url: URL, executor_id: str) -> DBOSConfig:
    """Return how DBOS runs in this process."""
    return DBOSConfig(
        name=APPLICATION_NAME,
        system_database_url=_text(url),
        application_version=APPLICATION_VERSION,
        executor_id=executor_id,
        enable_otlp=False,
        use_listen_notify=False,  # nothing here waits for DBOS's messages, and a pooler carries none
        notification_listener_polling_interval_sec=_LISTENER_SECONDS,
        max_executor_threads=_THREADS,
        log_level="WARNING",
    )


def check_sqlite() -> None:
    """Raise `StartupError` where DBOS would fail at its first row: with Python 3.12, it began to ask for 3.42."""
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        raise StartupError(
            f"This Python has SQLite {sqlite3.sqlite_version}. From Python 3.12 on, the bot needs 3.42 or newer.",
            "Use another Python, or set DATABASE_URL to a PostgreSQL database.",
        )


def _register_queue(url: URL, settings: GenerationSettings) -> None:
    client = DBOSClient(system_database_url=_text(url), application_name=APPLICATION_NAME)
    try:
        client.register_queue(
            QUEUE,
            global_concurrency=settings.concurrency,
            partition_concurrency=min(settings.concurrency_per_server, settings.concurrency),
            limiter={"limit": settings.starts_per_minute, "period": 60.0},
            polling_interval_sec=settings.queue_poll_seconds,
        )
    finally:
        client.destroy()


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
