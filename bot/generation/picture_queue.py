"""The queue as the rest of the bot knows it: DBOS's own, or an outbox that another process empties."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID


class QueuedPicture(NamedTuple):
    """A picture for the queue: its server is its partition, and within that, pictures asked for first come first."""

    id: UUID
    partition: str
    asked_at: datetime


class PictureQueue(Protocol):
    """Takes pictures that are to be made."""

    executor_id: str
    owner: str  # of pictures that are enqueued: a process, or none yet
    last_started_at: datetime  # when a picture's work began here, or this process did

    async def enqueue(self, pictures: Sequence[QueuedPicture]) -> None:
        """Hand pictures to the queue, all or none; a second time changes nothing."""

    async def missing(self, generation_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those of some ids that were never enqueued."""

    async def remove(self, generation_id: UUID) -> bool:
        """Take a picture out of the queue; return False if its work has ended."""

    async def forget(self, generation_ids: Iterable[UUID]) -> None:
        """Delete the notes of some pictures' work, if it has ended."""

    def serving(self, work: Callable[[UUID], Awaitable[None]]) -> AbstractAsyncContextManager[None]:
        """Serve the queue until the end of the block."""
