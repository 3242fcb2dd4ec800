"""One `DATABASE_URL`, two databases: SQLite for one process, PostgreSQL for many."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import psycopg
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor, ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import StartupError
from bot.storage.checkpoints import Checkpoints
from bot.storage.database_failures import database_outages, is_read_only
from bot.storage.line import Line
from bot.storage.scratch import make_private_folder

T = TypeVar("T")

_ADDRESSES: Final = "Use `sqlite:///…` or `postgresql://…`."
_BUSY_TIMEOUT_MS = 30_000
_WAL_PAUSE_SECONDS = 0.02
_SQLITE_READERS = 4
_POSTGRESQL_CONNECTIONS = 10
_ALIVE_EVERY_SECONDS = 60  # what idles for longer is forgotten by many a router on the way
# A statement that was prepared is unknown to the next connection that a pooler lends.
_UNPREPARED: Final = {"prepare_threshold": None}
_PREPARED_AFTER = 5  # times that a connection runs a statement; psycopg's own default


class Database:
    """Runs transactions off the loop, each a plain function of a connection.

    A whole transaction in a thread costs a third of a driver that uses its thread for every statement, and holds
    SQLite's lock for a shorter time. SQLite has one writer, with a fair queue.
    """

    def __init__(self, url: URL, direct_url: URL | None = None) -> None:
        """`direct_url` leads past a pooler, for connections that must be the same from one statement to the next."""
        self.dialect = url.get_backend_name()
        self.file: Path | None = None  # of SQLite
        self._checkpoints: Checkpoints | None = None
        self._direct_url = direct_url or url
        if self.dialect == "sqlite":
            self.file = Path(url.database or "")
            make_private_folder(self.file.parent, "DATABASE_URL")
            self._engine = create_engine(url, pool_size=_SQLITE_READERS + 1, hide_parameters=True)
            event.listen(self._engine, "connect", _configure_sqlite)
            event.listen(self._engine, "begin", _begin_immediate)
            self._checkpoints = Checkpoints(self.file)
            writers, readers = 1, _SQLITE_READERS
        else:
            self._engine = create_engine(
                url.set(drivername="postgresql+psycopg"),
                pool_size=_POSTGRESQL_CONNECTIONS,
                pool_pre_ping=True,
                hide_parameters=True,  # among them the tokens of interactions, and errors are logged
            )
            writers, readers = _POSTGRESQL_CONNECTIONS // 2, _POSTGRESQL_CONNECTIONS // 2
        # On SQLite, what only reads begins nothing, and so never waits for the one writer.
        self._reading = self._engine.execution_options(reading=True)
        self._writers = Line(writers, "database-writer")
        self._readers = ThreadPoolExecutor(readers, "database-reader")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` finds; raise `DatabaseUnavailable` while there is an outage."""
        read = partial(copy_context().run, self._read, work)  # its sentences are in the caller's language
        return await asyncio.get_running_loop().run_in_executor(self._readers, read)

    async def write(self, work: Callable[[Connection], T], *, urgent: bool = False) -> T:
        """Return what `work` does as one transaction; what it raises takes everything back.

        Urgent transactions, for which a member waits, go before others. Raises `DatabaseUnavailable` while there is an
        outage.
        """
        return await self._writers.run(partial(copy_context().run, self._write, work), urgent=urgent)

    async def connect_apart(self, *, autocommit: bool = True) -> psycopg.AsyncConnection:
        """Open a connection to PostgreSQL beside the pool's, past a pooler if possible.

        Raises `DatabaseUnavailable` while there is an outage, and `psycopg.Error` for the rest.
        """
        arguments, chosen = self._engine.dialect.create_connect_args(self._direct_url)
        options: dict[str, Any] = {"keepalives_idle": _ALIVE_EVERY_SECONDS, **_UNPREPARED, **chosen}
        with database_outages():
            return await psycopg.AsyncConnection.connect(*arguments, **options, autocommit=autocommit)

    async def close(self) -> None:
        """Finish running transactions, and close every connection."""
        await asyncio.to_thread(self._shut_down)

    def _read(self, work: Callable[[Connection], T]) -> T:
        # With a commit at its end, since psycopg forgets all prepared statements at a rollback.
        with database_outages(), self._reading.begin() as connection:
            return work(connection)

    def _write(self, work: Callable[[Connection], T]) -> T:
        with database_outages(), self._engine.begin() as connection:
            result = work(connection)
        if self._checkpoints is not None:
            self._checkpoints.committed()
        return result

    def _shut_down(self) -> None:
        self._writers.close()
        self._readers.shutdown()
        self._engine.dispose()
        if self._checkpoints is not None:
            self._checkpoints.close()


@event.listens_for(Engine, "do_connect")
def _prepare_nothing(dialect: Dialect, _: object, __: object, arguments: dict[str, Any]) -> None:
    """Make no new connection of this process, including DBOS's, prepare statements; see `_prepare_without_a_pooler`."""
    if dialect.driver == "psycopg":
        arguments.update(_UNPREPARED)


@event.listens_for(Engine, "connect")
def _prepare_without_a_pooler(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Make PostgreSQL parse and plan a statement that repeats only once, unless a pooler is in between.

    A pooler, which lends a session, answers with the number of a process that it made up.
    """
    if not isinstance(connection, psycopg.Connection):
        return
    (session,) = connection.execute("SELECT pg_backend_pid()").fetchone()
    connection.rollback()
    if session == connection.info.backend_pid:
        connection.prepare_threshold = _PREPARED_AFTER


@event.listens_for(Engine, "connect")
def _sync_at_checkpoints(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Make no commit of this process, including DBOS's, wait for the disk.

    NORMAL survives the death of the process at any point; a power cut may take the last transactions back, and then the
    Idempotency-Key keeps an order from being placed twice.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=NORMAL")


@event.listens_for(Engine, "handle_error")
def _leave_read_only_server(context: ExceptionContext) -> None:
    """Count a server that takes no writes as one that is gone, for DBOS too.

    The next connection may lead to the one that took over, and DBOS waits for a lost connection as for nothing else.
    """
    if is_read_only(context.original_exception):
        context.is_disconnect = True


def parse_database_url(text: str, setting: str = "DATABASE_URL") -> URL:
    """Return the URL with plain `sqlite` or `postgresql` as its dialect; raise `StartupError` if it's invalid."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the latter for an invalid port
        raise StartupError(f"{setting} isn't a database address.", _ADDRESSES) from None
    dialect = url.get_backend_name()
    if dialect not in {"sqlite", "postgresql"}:
        raise StartupError(f"{setting} names {dialect!r}, which isn't supported.", _ADDRESSES)
    if dialect == "sqlite" and url.database in {None, "", ":memory:"}:
        raise StartupError(f"{setting} names no file.", "Add one, as in `sqlite:///data/imagine.db`.")
    return url.set(drivername=dialect)


def durable_url(url: URL) -> URL:
    """Return where DBOS keeps its workflows: a sibling file of SQLite's, or the same PostgreSQL database."""
    if url.get_backend_name() == "postgresql":
        return url
    file = Path(url.database or "")
    return url.set(database=str(file.with_name(f"{file.stem}-workflows{file.suffix}")))


def _configure_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # or sqlite3 begins transactions of its own
    cursor = connection.cursor()
    # WAL lets readers read while one writes.
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA wal_autocheckpoint=0")  # see `Checkpoints`
    cursor.close()


def _write_ahead(cursor: DBAPICursor) -> None:
    """Turn write-ahead logging on; only for this, SQLite doesn't wait for others that do the same just now."""
    deadline = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_WAL_PAUSE_SECONDS)
        else:
            return


def _begin_immediate(connection: Connection) -> None:
    if not connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
