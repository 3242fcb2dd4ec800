"""Late charges: the prices of pictures that ended before Apiframe reported them, so that the ledger is correct."""

from datetime import UTC, datetime, timedelta

import structlog

from bot.apiframe.client import Apiframe
from bot.apiframe.errors import ApiframeError
from bot.apiframe.wire import JobStatus
from bot.generation.lost_orders import LostOrders
from bot.metrics.metrics import Metrics
from bot.picture.generation import Generation
from bot.storage.generations import GenerationStore

log = structlog.get_logger(__name__)

_KNOWN_FOR = timedelta(days=1)  # for as long, Apiframe keeps a job's result


class LateCharges:
    """Looks once more at the jobs of pictures that ended before the price was said."""

    def __init__(
        self, store: GenerationStore, apiframe: Apiframe, lost_orders: LostOrders, executor: str, metrics: Metrics
    ) -> None:
        self._store = store
        self._apiframe = apiframe
        self._lost_orders = lost_orders
        self._executor = executor
        self._metrics = metrics

    async def go_on(self) -> None:
        """Store the price of every job that has ended and has a price by now, also of lost orders that are found."""
        since = datetime.now(UTC) - _KNOWN_FOR
        for generation in await self._store.lost(self._executor, since=since):
            await self._lost_orders.find_late(generation)
        for generation in await self._store.uncharged(self._executor, since=since):
            await self._reconcile(generation)

    async def _reconcile(self, generation: Generation) -> None:
        try:
            job = await self._apiframe.job(generation.job_id or "")
        except ApiframeError as cause:  # its next turn comes
            log.warning("price_unknown", generation=str(generation.id), job_id=generation.job_id, cause=str(cause))
            return
        credits_charged = job.credit_cost if job.status is JobStatus.COMPLETED else 0  # else it was refunded
        if job.status.is_running or credits_charged is None:
            return
        priced = await self._store.note_late_price(generation.id, credits_charged)
        if priced is None:  # the picture has ended with a price in the meantime
            return
        if priced.finished_at is not None:  # one that is in review is counted with its price when it ends
            self._metrics.charged_late(credits_charged)
        log.warning("price_known", generation=str(generation.id), job_id=generation.job_id, credits=credits_charged)
