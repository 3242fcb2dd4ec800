"""Periodic work: showing queue positions and the showcase, resuming leftover pictures, deleting old data."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import structlog

from bot.generation.durable_queue import DurableQueue
from bot.generation.enqueueing import Enqueuer
from bot.maintenance.chores import Chore, repeated
from bot.maintenance.image_backfill import ImageBackfill
from bot.maintenance.image_sweep import ImageSweep
from bot.maintenance.late_charges import LateCharges
from bot.maintenance.process_watch import LOOK_SECONDS
from bot.maintenance.takeover import Takeover
from bot.privacy.erasure import Erasure
from bot.storage.generations import GenerationStore
from bot.storage.scratch import sweep_scratch

log = structlog.get_logger(__name__)

_CLOCK_SECONDS = 15.0
_SWEEP_SECONDS = 6 * 3600.0
_PROMISES_SECONDS = 60.0
_LATE_CHARGES_SECONDS = 300.0
_ENQUEUE_SECONDS = 60.0
_BACKFILL_SECONDS = 10.0
_WORK_REMEMBERED = timedelta(days=1)  # as long as Apiframe knows an order by its key, and keeps its result


class Maintenance:
    """Runs each task every so often; `shown` are those that keep messages up to date."""

    def __init__(
        self,
        store: GenerationStore,
        images: ImageSweep,
        queue: DurableQueue,
        enqueuer: Enqueuer,
        erasure: Erasure,
        late_charges: LateCharges,
        backfill: ImageBackfill,
        takeover: Takeover,
        shown: Sequence[Chore],
    ) -> None:
        self._store = store
        self._images = images
        self._queue = queue
        self._enqueuer = enqueuer
        self._erasure = erasure
        self._late_charges = late_charges
        self._backfill = backfill
        self._takeover = takeover
        self._shown = shown

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run all of them until the end of the block."""
        async with repeated(
            *self._shown,
            Chore("intake", _ENQUEUE_SECONDS, self._enqueuer.take_up_missing),
            Chore("backfill", _BACKFILL_SECONDS, self._backfill.go_on),
            Chore("takeover", LOOK_SECONDS, self._takeover.look),
            Chore("clock", _CLOCK_SECONDS, self._queue.follow_clock),
            Chore("sweep", _SWEEP_SECONDS, self._sweep),
            Chore("forgetting", _PROMISES_SECONDS, self._erasure.go_on),
            Chore("reckoning", _LATE_CHARGES_SECONDS, self._late_charges.go_on),
        ):
            yield

    async def _sweep(self) -> None:
        """Forget old bytes, the notes of work that is done, and what killed processes left in the temporary folder."""
        now = datetime.now(UTC)
        swept = {
            "tokens": await self._store.forget_tokens(expired_before=now - _WORK_REMEMBERED),
            "workflows": await self._queue.sweep(ended_before=now - _WORK_REMEMBERED),
            "folders": await asyncio.to_thread(sweep_scratch),
            "images": await self._images.run(now),  # last: a bucket may be out of reach
        }
        if any(swept.values()):
            log.info("expired_data_deleted", **swept)
