"""The durable workflow of one picture: submit, wait, fetch, deliver, settle."""

from uuid import UUID

import structlog
from dbos import error as dbos_errors

from bot.errors import record_unexpected
from bot.generation.crash_points import crash_point
from bot.generation.discord_port import Delivery
from bot.generation.durable_queue import STORAGE_FAILURES, DurableQueue
from bot.generation.failures import GenerationFailed
from bot.generation.posting import PicturePublisher
from bot.generation.submission import CompletedJob, JobSubmitter
from bot.limits.ledger import Ledger
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation
from bot.storage.generations import NOT_ORDERED, GenerationStore

log = structlog.get_logger(__name__)


class PictureWorkflow:
    """Carries one generation from the queue to its end; the steps that are done are not done again after a restart."""

    def __init__(
        self,
        queue: DurableQueue,
        ordering: JobSubmitter,
        posting: PicturePublisher,
        store: GenerationStore,
        ledger: Ledger,
    ) -> None:
        self._queue = queue
        self._ordering = ordering
        self._posting = posting
        self._store = store
        self._ledger = ledger

    async def run(self, generation_id: UUID, delivery: Delivery) -> None:
        """Make the picture, or end with a reason that the person is told; nothing is charged twice."""
        crash_point("enqueued, not yet started")
        with structlog.contextvars.bound_contextvars(generation=str(generation_id)):
            try:
                await self._make(generation_id, delivery)
            except GenerationFailed as failed:
                await self._end(generation_id, delivery, failed)
            except (dbos_errors.DBOSException, *STORAGE_FAILURES):
                raise  # its own affair: another process has the workflow, or its database is gone
            except Exception as unexpected:  # noqa: BLE001  (whatever it was, the person is told and refunded)
                reference = record_unexpected(unexpected, f"making the picture {generation_id}")
                broken = Failure(kind=FailureKind.BROKEN, reference=reference)
                await self._end(generation_id, delivery, GenerationFailed(broken, credits_charged=None))

    async def _make(self, generation_id: UUID, delivery: Delivery) -> None:
        async def submit() -> str:
            return await self._ordering.submit(await self._now(generation_id), delivery)

        async def wait() -> CompletedJob:
            return await self._ordering.wait(await self._now(generation_id), delivery, job_id)

        async def fetch() -> str:
            return await self._posting.fetch(await self._now(generation_id), delivery, completed)

        async def deliver() -> None:
            generation = await self._now(generation_id)
            self._ordering.check_size(generation)
            await self._posting.deliver(generation, delivery, completed, key)

        async def settle() -> None:
            crash_point("delivered, not yet settled")
            await self._ledger.settle(generation_id, completed.credits)
            crash_point("settled, not yet finished")

        job_id = await self._queue.step("submit", submit)
        completed = await self._queue.step("wait", wait)
        key = await self._queue.step("fetch", fetch)
        await self._queue.step("deliver", deliver)
        await self._queue.step("settle", settle)
        log.info("picture_delivered", credits=completed.credits)

    async def _end(self, generation_id: UUID, delivery: Delivery, failed: GenerationFailed) -> None:
        async def end() -> None:
            credits_charged = failed.credits_charged
            if credits_charged is None:
                generation = await self._now(generation_id)  # which knows it, once the picture was fetched
                credits_charged = 0 if generation.state in NOT_ORDERED else generation.credits
            generation = await self._ledger.fail(generation_id, failed.failure, credits_charged)
            await self._posting.explain(generation, delivery, failed.failure)

        await self._queue.step("fail", end)
        log.info("picture_failed", kind=failed.failure.kind, credits=failed.credits_charged)

    async def _now(self, generation_id: UUID) -> Generation:
        return await self._store.get(generation_id)
