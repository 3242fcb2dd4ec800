"""One `DATABASE_URL`, two databases: SQLite for one process, PostgreSQL for many."""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import StartupError

_BUSY_TIMEOUT_MS = 30_000
_POSTGRESQL_OPTIONS = {"host", "port", "sslmode"}  # what both drivers, ours and DBOS's, can be told

# An execution option of connections that only read: on SQLite they begin nothing, and so never wait for its one writer.
READING: Final = {"reading": True}


def parse_database_url(text: str) -> URL:
    """Return the URL with plain `sqlite` or `postgresql` as its dialect; raise `StartupError` for what cannot work."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise StartupError("DATABASE_URL is no database address: use `sqlite:///…` or `postgresql://…`.") from None
    dialect = url.get_backend_name()
    if dialect not in {"sqlite", "postgresql"}:
        raise StartupError(f"DATABASE_URL names {dialect!r}: use `sqlite:///…` or `postgresql://…`.")
    if dialect == "sqlite" and url.database in {None, "", ":memory:"}:
        raise StartupError("DATABASE_URL names no file: `sqlite:///data/imagine.db` outlives the process.")
    if dialect == "postgresql" and (foreign := url.query.keys() - _POSTGRESQL_OPTIONS):
        raise StartupError(
            f"DATABASE_URL has {', '.join(sorted(foreign))} after its `?`: of such options, only "
            f"{', '.join(sorted(_POSTGRESQL_OPTIONS))} are possible. Leave out the others."
        )
    return url.set(drivername=dialect)


def durable_url(url: URL) -> URL:
    """Return where DBOS keeps its workflows: a sibling file of SQLite's, or the same PostgreSQL database."""
    if url.get_backend_name() == "postgresql":
        return url
    file = Path(url.database or "")
    return url.set(database=str(file.with_name(f"{file.stem}-workflows{file.suffix}")))


def open_engine(url: URL) -> AsyncEngine:
    """Return an engine whose transactions begin IMMEDIATE on SQLite, so that counting and writing are one."""
    if url.get_backend_name() == "sqlite":
        _make_folder(Path(url.database or "").parent)
        engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"), pool_size=5, max_overflow=5)
        event.listen(engine.sync_engine, "connect", _configure_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
        return engine
    return create_async_engine(_for_asyncpg(url), pool_size=10, max_overflow=10, pool_pre_ping=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise StartupError(f"DATABASE_URL: the folder {folder} cannot be made ({cause.strerror}).") from cause


def _for_asyncpg(url: URL) -> URL:
    """Return `url` in asyncpg's words: it calls libpq's `sslmode` `ssl`."""
    query = dict(url.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(drivername="postgresql+asyncpg", query=query)


def _configure_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # or sqlite3 begins transactions of its own
    cursor = connection.cursor()
    # WAL lets readers read while one writes; FULL because a charge that a power cut forgets would be charged again.
    for pragma in (f"busy_timeout={_BUSY_TIMEOUT_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    if not connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
