"""Notifications to every process on one database: `NOTIFY` on PostgreSQL, a plain call on SQLite."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final
from uuid import uuid4

import psycopg
import structlog
from sqlalchemy import Connection, Select, func, select

from bot.errors import StorageUnavailable
from bot.storage.engine import Database

log = structlog.get_logger(__name__)

Subscriber = Callable[[str], None]

LISTENING: Final = "listening"
"""The message of this process to itself that it hears the others from now on."""

_CHANNEL: Final = "imagine_bell"
_PAUSE_SECONDS = 1.0
_TEST: Final = "test "
_TEST_SECONDS = 5.0
_NO_LISTENER_PAUSE_SECONDS = 600.0


def notification(word: str) -> Select[tuple[str]]:
    """Return the statement that sends a message once its transaction has been committed, on PostgreSQL."""
    return select(func.pg_notify(_CHANNEL, word))


def notify(connection: Connection, word: str) -> None:
    """Send a message to every process once a transaction has been committed; on SQLite, there is only this one."""
    if connection.dialect.name == "postgresql":
        connection.execute(notification(word))


class PubSub:
    """Sends short messages (under 8000 bytes) immediately, and stores none for listeners that are disconnected.

    A pooler in transaction mode carries none from other processes; `is_heard` says so.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._subscribers: tuple[Subscriber, ...] = ()
        self.is_heard = database.dialect != "postgresql"

    async def publish(self, word: str) -> None:
        """Send a message to every process; this one gets it immediately."""
        self._hear(word)
        if self._database.dialect == "postgresql":
            await self._database.write(lambda connection: connection.execute(notification(word)))

    @asynccontextmanager
    async def heard_by(self, *subscribers: Subscriber) -> AsyncIterator[None]:
        """Call each subscriber with every message, perhaps more than once, until the end of the block."""
        self._subscribers = subscribers
        listening = None
        if self._database.dialect == "postgresql":
            listening = asyncio.create_task(self._listen(), name="bell")
        try:
            yield
        finally:
            self._subscribers = ()
            if listening is not None:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    def _hear(self, word: str) -> None:
        for hear in self._subscribers:
            hear(word)

    async def _listen(self) -> None:
        """Tell what is rung, on a connection that does nothing else, and that is opened again whenever it breaks."""
        while True:
            pause = _PAUSE_SECONDS
            try:
                async with await self._database.connect_apart() as connection:
                    await connection.execute(f"LISTEN {_CHANNEL}")
                    self.is_heard = await self._hears_itself(connection)
                    if self.is_heard:
                        self._hear(LISTENING)
                        async for notice in connection.notifies():
                            if not notice.payload.startswith(_TEST):
                                self._hear(notice.payload)
                    else:
                        log.warning(
                            "pubsub_not_listening", hint="set DATABASE_DIRECT_URL to the address without the pooler"
                        )
                        pause = _NO_LISTENER_PAUSE_SECONDS
            except (psycopg.Error, StorageUnavailable) as cause:
                words = cause.reason if isinstance(cause, StorageUnavailable) else str(cause)
                log.warning("pubsub_connection_lost", cause=words)
            finally:
                self.is_heard = False
            await asyncio.sleep(pause)

    async def _hears_itself(self, connection: psycopg.AsyncConnection) -> bool:
        """Return True if a word that is rung comes through; a pooler takes LISTEN, and then carries nothing."""
        word = f"{_TEST}{uuid4()}"
        await self._database.write(lambda connection: connection.execute(notification(word)))
        async for notice in connection.notifies(timeout=_TEST_SECONDS):
            if notice.payload == word:
                return True
        return False
