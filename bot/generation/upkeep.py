"""What has to be done every so often: telling those who wait where they stand, and forgetting what is too old."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import structlog

from bot.errors import record_unexpected
from bot.generation.delivery import Delivery
from bot.picture.generation import State
from bot.picture.progress import Queued
from bot.settings import Settings
from bot.storage.generations import GenerationStore
from bot.storage.images import ImageStore

log = structlog.get_logger(__name__)

_TOLD_AT_ONCE = 25
_SWEEP_SECONDS = 6 * 3600.0


class Upkeep:
    """Keeps the queue's board and the image store, beside the pictures that are made."""

    def __init__(self, store: GenerationStore, images: ImageStore, settings: Settings) -> None:
        self._store = store
        self._images = images
        self._executor = settings.executor_id
        self._board_seconds = settings.generation.progress_seconds
        self._told = 0
        self._retention = timedelta(days=settings.retention_days)

    @asynccontextmanager
    async def running(self, delivery: Delivery) -> AsyncIterator[None]:
        """Do both until the end of the block."""
        chores = [
            asyncio.create_task(_every(self._board_seconds, lambda: self._tell_positions(delivery)), name="board"),
            asyncio.create_task(_every(_SWEEP_SECONDS, self._sweep), name="sweep"),
        ]
        try:
            yield
        finally:
            for chore in chores:
                chore.cancel()
            await asyncio.gather(*chores, return_exceptions=True)

    async def _tell_positions(self, delivery: Delivery) -> None:
        """Tell some of those who wait where they stand, and the next time the others: each is an edit of a card."""
        offset, self._told = self._told, 0
        waiting = await self._store.in_states({State.QUEUED}, self._executor, offset=offset, limit=_TOLD_AT_ONCE)
        for position, generation in enumerate(waiting, start=offset + 1):
            delivery.show(generation, Queued(position))
        if len(waiting) == _TOLD_AT_ONCE:
            self._told = offset + _TOLD_AT_ONCE

    async def _sweep(self) -> None:
        swept = await self._images.sweep(kept_before=datetime.now(UTC) - self._retention)
        if swept:
            log.info("old_images_forgotten", count=swept)


async def _every(seconds: float, chore: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await chore()
        except Exception as unexpected:  # noqa: BLE001  (its next turn comes)
            record_unexpected(unexpected, "upkeep")
        await asyncio.sleep(seconds)
