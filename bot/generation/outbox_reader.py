"""Taking pictures from the outbox of the gateway processes, in a worker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import structlog

from bot.errors import record_unexpected
from bot.generation.enqueueing import Enqueuer
from bot.generation.executor import Executor
from bot.generation.outbox import CANCELLED, FILLED, FORGOTTEN, OUTBOX
from bot.generation.picture_queue import PictureQueue
from bot.storage.generations import GenerationStore
from bot.waiting import is_set_within

log = structlog.get_logger(__name__)

_LOOK_SECONDS: Final = 2.0  # also without a message, which may get lost
_TAKEN_AT_ONCE: Final = 100


class OutboxReader:
    """Makes pictures of the outbox this process's, and enqueues them."""

    def __init__(
        self,
        store: GenerationStore,
        executor: Executor,
        queue: PictureQueue,
        enqueuer: Enqueuer,
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        self._store = store
        self._executor = executor
        self._queue = queue
        self._enqueuer = enqueuer
        self._look_seconds = look_seconds
        self._filled = asyncio.Event()
        self._errands: set[asyncio.Task[None]] = set()

    def hear(self, word: str) -> None:
        """Do what a message says, soon."""
        if word == FILLED:
            self._filled.set()
        elif word.startswith((CANCELLED, FORGOTTEN)):
            errand = asyncio.create_task(self._run_errand(word), name="outbox errand")
            self._errands.add(errand)
            errand.add_done_callback(self._errands.discard)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Take pictures until the end of the block; taken ones are enqueued, also by the next start."""
        taking = asyncio.create_task(self._take_on(), name="outbox")
        try:
            yield
        finally:
            for task in (taking, *self._errands):
                task.cancel()
            await asyncio.gather(taking, *self._errands, return_exceptions=True)

    async def _take_on(self) -> None:
        while True:
            self._filled.clear()
            try:
                while self._executor.may_work.is_set() and await self._take():
                    pass
            except Exception as unexpected:  # noqa: BLE001  (its next turn comes)
                record_unexpected(unexpected, "reading the outbox")
            await is_set_within(self._filled, self._look_seconds)

    async def _take(self) -> bool:
        """Take some pictures, and return True if there may be more."""
        taken = await self._store.adopt(OUTBOX, self._executor.id, limit=_TAKEN_AT_ONCE)
        await self._enqueuer.enqueue_all(taken)
        return len(taken) == _TAKEN_AT_ONCE

    async def _run_errand(self, word: str) -> None:
        try:
            if word.startswith(CANCELLED):
                await self._queue.remove(UUID(word.removeprefix(CANCELLED).strip()))
            else:
                await self._queue.forget([UUID(each) for each in word.removeprefix(FORGOTTEN).split()])
        except Exception as unexpected:  # noqa: BLE001  (the picture's own work sees that it is cancelled)
            record_unexpected(unexpected, "an errand of the outbox")
