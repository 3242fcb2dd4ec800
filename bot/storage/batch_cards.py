"""The card that the pictures of a batch share: who may change it, in whichever processes they are made."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from sqlalchemy import update

from bot.picture.generation import Generation
from bot.storage.engine import Database
from bot.storage.executor_lock import PING_SECONDS, AdvisoryLock
from bot.storage.generations import GenerationStore
from bot.storage.tables import generations

_BETWEEN_TRIES_SECONDS: Final = 0.1


class BatchCardStore:
    """Reads batches, and lets one at a time change a batch's card.

    With SQLite, one process serves everything. With PostgreSQL, its lock ends with the process that has it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._store = GenerationStore(database)
        self._locks: dict[UUID, asyncio.Lock] = {}
        self._users: Counter[UUID] = Counter()

    async def pictures(self, batch_id: UUID) -> Sequence[Generation]:
        """Return the pictures of a batch as they are now, in their order."""
        return await self._store.of_batch(batch_id)

    async def adopt(self, batch_id: UUID, card_id: int) -> None:
        """Note that a batch has another card from now on."""
        statement = update(generations).where(generations.c.batch_id == batch_id).values(card_id=card_id)
        await self._database.write(lambda connection: connection.execute(statement))

    @asynccontextmanager
    async def holding(self, batch_id: UUID) -> AsyncIterator[None]:
        """Wait until nobody else changes the card, and keep others waiting until the block ends."""
        self._users[batch_id] += 1
        try:
            async with self._locks.setdefault(batch_id, asyncio.Lock()):
                if self._database.file is not None:
                    yield
                    return
                async with self._held_everywhere(batch_id):
                    yield
        finally:
            self._users[batch_id] -= 1
            if not self._users[batch_id]:
                del self._users[batch_id], self._locks[batch_id]

    @asynccontextmanager
    async def _held_everywhere(self, batch_id: UUID) -> AsyncIterator[None]:
        lock = AdvisoryLock(self._database, f"card of {batch_id.hex}")
        while not await lock.take():  # noqa: ASYNC110  (another process tells nobody that it is done)
            await asyncio.sleep(_BETWEEN_TRIES_SECONDS)
        pinging = asyncio.create_task(_ping(lock), name=f"lock of card {batch_id}")
        try:
            yield
        finally:
            pinging.cancel()
            await asyncio.wait({pinging})
            await lock.release()


async def _ping(lock: AdvisoryLock) -> None:
    """Keep the server from taking this process for dead."""
    while await lock.is_held():  # noqa: ASYNC110  (the server tells nobody that it waits)
        await asyncio.sleep(PING_SECONDS)
