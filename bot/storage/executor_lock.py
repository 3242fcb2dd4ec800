"""The lock of an executor id: the process that holds it is the only one that works under that id."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import BigInteger, Connection, bindparam, func, select

from bot.storage.database_failures import DatabaseUnavailable, database_outages
from bot.storage.engine import Database

PING_SECONDS: Final = 2.0  # between two looks at a lock that is held
_IDLE_MS: Final = 10_000  # after that time without a sign, the holder's machine is dead
_ANSWER_SECONDS: Final = 5.0
_TRY = select(func.pg_try_advisory_xact_lock(bindparam("number", type_=BigInteger)))
_KNOWS_TRANSACTION_TIMEOUT: Final = 170_000  # PostgreSQL 17


class ExecutorLock(Protocol):
    """A lock that ends with the process that holds it."""

    async def take(self) -> bool:
        """Try once to take the lock, and return whether that worked.

        Raises `DatabaseUnavailable` while there is an outage, and `psycopg.Error` or `OSError` for the rest.
        """

    async def is_held(self) -> bool:
        """Return whether the lock is still held; one that was lost can be taken again."""

    async def release(self) -> None:
        """Give the lock back, if it is held."""


class FileLock:
    """A lock on a file beside SQLite's, which the system releases when the process dies."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._handle: int | None = None

    async def take(self) -> bool:
        """Try once to lock the file, which is made if there is none."""
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        except OSError:
            os.close(handle)
            raise
        self._handle = handle
        return await self.is_held()

    async def is_held(self) -> bool:
        """Return whether the file that is locked is still the one that others find."""
        if self._handle is None:
            return False
        try:
            found = self._file.stat()
        except OSError:
            found = None
        if found is not None and os.path.samestat(found, os.fstat(self._handle)):
            return True
        await self.release()
        return False

    async def release(self) -> None:
        """Close the file; it stays, since another process may be about to lock it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class AdvisoryLock:
    """A lock of PostgreSQL's on a connection of its own, held by a transaction that stays open.

    A transaction's lock works behind a pooler too, in any of its modes; a session's would stay with the pooler. The
    server ends the transaction after some seconds without a sign of the holder.

    Its statements have no parameters, and all but one take no snapshot: so it keeps no VACUUM from cleaning up, and no
    CREATE INDEX CONCURRENTLY waits for it.
    """

    def __init__(self, database: Database, executor_id: str) -> None:
        self._database = database
        self._executor_id = executor_id
        self._connection: psycopg.AsyncConnection | None = None

    async def take(self) -> bool:
        """Try once, on a new connection."""
        async with _answering_within(2 * _ANSWER_SECONDS):
            connection = await self._database.connect_apart(autocommit=False)
        taken = False
        try:
            async with _answering_within(_ANSWER_SECONDS):
                taken = await self._take_on(connection)
        finally:
            if not taken:
                await connection.close()
        self._connection = connection if taken else None
        return taken

    async def _take_on(self, connection: psycopg.AsyncConnection) -> bool:
        name = sql.Literal(f"imagine-bot: lock of {self._executor_id}")
        await connection.execute(sql.SQL("SET LOCAL application_name = {}").format(name))
        await connection.execute(sql.SQL("SET LOCAL idle_in_transaction_session_timeout = {}").format(_IDLE_MS))
        if connection.info.server_version >= _KNOWS_TRANSACTION_TIMEOUT:
            await connection.execute("SET LOCAL transaction_timeout = 0")
        number = lock_number(self._executor_id)
        answer = await connection.execute(sql.SQL("SELECT pg_try_advisory_xact_lock({})").format(number))
        return (await answer.fetchone()) == (True,)

    async def is_held(self) -> bool:
        """Ask the server on the connection that holds the lock, which keeps it from ending the transaction."""
        if self._connection is None:
            return False
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                await self._connection.execute("SHOW transaction_read_only")
        except (psycopg.Error, TimeoutError):
            await self._close()
            return False
        return True

    async def release(self) -> None:
        """End the transaction, so that the lock is free at once, and close the connection."""
        if self._connection is not None:
            with suppress(psycopg.Error, TimeoutError):  # closing the connection ends it too, a moment later
                async with asyncio.timeout(_ANSWER_SECONDS):
                    await self._connection.rollback()
        await self._close()

    async def _close(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()


@asynccontextmanager
async def _answering_within(seconds: float) -> AsyncIterator[None]:
    """Raise `DatabaseUnavailable` for a server that is silent for so long, or gone."""
    try:
        with database_outages():
            async with asyncio.timeout(seconds):
                yield
    except TimeoutError as cause:
        raise DatabaseUnavailable("it does not answer in time") from cause


class ExecutorLocks:
    """The locks of all executor ids on one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, executor_id: str) -> ExecutorLock:
        """Return the lock of an executor id, not yet taken."""
        file = self._database.file
        if file is None:
            return AdvisoryLock(self._database, executor_id)
        return FileLock(file.with_name(f"{file.stem}-{executor_id}.lock"))

    async def free(self, executor_ids: Iterable[str]) -> frozenset[str]:
        """Return those ids whose lock nobody holds."""
        ids = sorted(executor_ids)
        if not ids:
            return frozenset()
        if self._database.file is None:
            return await self._database.read(lambda connection: _free(connection, ids))
        return frozenset([each for each in ids if await self._is_free(each)])

    async def _is_free(self, executor_id: str) -> bool:
        lock = self.of(executor_id)
        try:
            return await lock.take()
        finally:
            await lock.release()


def _free(connection: Connection, ids: Iterable[str]) -> frozenset[str]:
    """Take each lock that can be had, until the end of this transaction."""
    return frozenset(each for each in ids if connection.execute(_TRY, {"number": lock_number(each)}).scalar_one())


def lock_number(executor_id: str) -> int:
    """Return the number of an executor id's lock, which no other advisory lock of the same database should have."""
    return int.from_bytes(sha256(f"executor:{executor_id}".encode()).digest()[:8], "big", signed=True)
