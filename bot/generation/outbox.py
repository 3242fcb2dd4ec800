"""The outbox: pictures that a gateway process has reserved and answered, until a worker takes them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import structlog

from bot.errors import StorageUnavailable
from bot.generation.picture_queue import QueuedPicture
from bot.storage.pubsub import PubSub

log = structlog.get_logger(__name__)

OUTBOX: Final = "outbox"
"""The executor of queued pictures that no worker has taken yet."""
FILLED: Final = "outbox filled"
CANCELLED: Final = "outbox cancelled"
FORGOTTEN: Final = "outbox forgotten"


class Outbox:
    """The queue of a process that makes no pictures: their rows are all that workers need, and messages wake them.

    A lost message costs some seconds, since workers look into the outbox by themselves too.
    """

    owner = OUTBOX

    def __init__(self, executor_id: str, pubsub: PubSub) -> None:
        self.executor_id = executor_id
        self.last_started_at = datetime.now(UTC)
        self._pubsub = pubsub

    async def enqueue(self, pictures: Sequence[QueuedPicture]) -> None:
        """Wake the workers: the rows are stored."""
        if pictures:
            await self._wake(FILLED)

    async def missing(self, generation_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return all of them: they are still this process's, and so not in the outbox."""
        return frozenset(generation_ids)

    async def remove(self, generation_id: UUID) -> bool:
        """Tell workers to take a refunded picture out of their queue; one that starts it sees the refund too."""
        await self._wake(f"{CANCELLED} {generation_id}")
        return True

    async def forget(self, generation_ids: Iterable[UUID]) -> None:
        """Tell workers to delete the workflows of some pictures; without the message, they do so after a day."""
        if ids := list(generation_ids):
            await self._wake(f"{FORGOTTEN} {' '.join(each.hex for each in ids)}")

    @asynccontextmanager
    async def serving(self, _: Callable[[UUID], Awaitable[None]]) -> AsyncIterator[None]:
        """Do nothing: workers serve."""
        yield

    async def _wake(self, word: str) -> None:
        try:
            await self._pubsub.publish(word)
        except StorageUnavailable as cause:
            log.warning("workers_not_woken", cause=cause.reason)
