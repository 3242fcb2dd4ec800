"""A bell that every process on one database hears: PostgreSQL carries its words, and SQLite has but one process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import psycopg
import structlog
from sqlalchemy import func, select

from bot.storage.engine import Database

log = structlog.get_logger(__name__)

Hear = Callable[[str], None]

_CHANNEL: Final = "imagine_bell"
_PAUSE_SECONDS = 1.0


class Bell:
    """Carries short words (under 8000 bytes) at once, and keeps none for who cannot hear just then."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hear: Hear | None = None

    async def ring(self, word: str) -> None:
        """Have a word heard in every process, in this one too."""
        if self._database.dialect == "postgresql":
            ringing = select(func.pg_notify(_CHANNEL, word))
            await self._database.write(lambda connection: connection.execute(ringing))
        elif self._hear is not None:
            self._hear(word)

    @asynccontextmanager
    async def heard_by(self, hear: Hear) -> AsyncIterator[None]:
        """Have `hear` called with every word until the end of the block."""
        if self._database.dialect != "postgresql":
            self._hear = hear
            yield
            return
        listening = asyncio.create_task(self._listen(hear), name="bell")
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self, hear: Hear) -> None:
        """Tell what is rung, on a connection that does nothing else, and that is opened again whenever it breaks."""
        while True:
            try:
                async with await self._database.connect_apart() as connection:
                    await connection.execute(f"LISTEN {_CHANNEL}")
                    async for notice in connection.notifies():
                        hear(notice.payload)
            except psycopg.Error as cause:
                log.warning("bell_not_heard", cause=str(cause))
            await asyncio.sleep(_PAUSE_SECONDS)
