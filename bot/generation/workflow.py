"""The durable workflow of one picture: submit, wait, fetch, deliver, settle."""

from datetime import UTC, datetime
from uuid import UUID

import structlog
from dbos import error as dbos_errors

from bot.errors import record_unexpected
from bot.generation.crash_points import crash_point
from bot.generation.durable_queue import STORAGE_FAILURES, DurableQueue
from bot.generation.failures import GenerationFailed
from bot.generation.posting import PicturePublisher
from bot.generation.submission import CompletedJob, JobSubmitter
from bot.limits.ledger import Ledger
from bot.metrics.metrics import Metrics
from bot.picture.failure import Failure, FailureKind
from bot.storage.generations import NOT_ORDERED, GenerationStore

log = structlog.get_logger(__name__)


class PictureWorkflow:
    """Carries one generation from the queue to its end; steps that are done are not done again after a restart."""

    def __init__(
        self,
        queue: DurableQueue,
        submitter: JobSubmitter,
        publisher: PicturePublisher,
        store: GenerationStore,
        ledger: Ledger,
        metrics: Metrics,
    ) -> None:
        self._queue = queue
        self._submitter = submitter
        self._publisher = publisher
        self._store = store
        self._ledger = ledger
        self._metrics = metrics

    async def run(self, generation_id: UUID) -> None:
        """Make the picture, or end with a reason that the member sees; nothing is charged twice."""
        crash_point("enqueued, not yet started")
        began_at = datetime.now(UTC)
        with structlog.contextvars.bound_contextvars(generation=str(generation_id)):
            try:
                job_id = await self._queue.step("submit", self._submit, generation_id)
                completed = await self._queue.step("wait", self._wait, generation_id, job_id)
                key = await self._queue.step("fetch", self._fetch, generation_id, completed)
                await self._queue.step("deliver", self._deliver, generation_id, completed, key)
                await self._queue.step("settle", self._settle, generation_id, completed)
            except GenerationFailed as failed:
                await self._queue.step("fail", self._fail, generation_id, failed)
            except (dbos_errors.DBOSException, *STORAGE_FAILURES):
                raise  # another process has the workflow, or its database is gone
            except Exception as unexpected:  # noqa: BLE001  (whatever it was, the member gets a reason and a refund)
                reference = record_unexpected(unexpected, f"making the picture {generation_id}")
                broken = GenerationFailed(Failure(kind=FailureKind.BROKEN, reference=reference), credits_charged=None)
                await self._queue.step("fail", self._fail, generation_id, broken)
            await self._count(generation_id, began_at)

    async def _submit(self, generation_id: UUID) -> str:
        return await self._submitter.submit(await self._store.get(generation_id))

    async def _wait(self, generation_id: UUID, job_id: str) -> CompletedJob:
        return await self._submitter.wait(await self._store.get(generation_id), job_id)

    async def _fetch(self, generation_id: UUID, completed: CompletedJob) -> str:
        return await self._publisher.fetch(await self._store.get(generation_id), completed)

    async def _deliver(self, generation_id: UUID, completed: CompletedJob, key: str) -> None:
        generation = await self._store.get(generation_id)
        self._submitter.check_size(generation)
        await self._publisher.deliver(generation, completed, key)

    async def _settle(self, generation_id: UUID, completed: CompletedJob) -> None:
        crash_point("delivered, not yet settled")
        await self._ledger.settle(generation_id, completed.credits)
        crash_point("settled, not yet finished")
        log.info("picture_delivered", credits=completed.credits)

    async def _fail(self, generation_id: UUID, failed: GenerationFailed) -> None:
        credits_charged = failed.credits_charged
        if credits_charged is None:
            generation = await self._store.get(generation_id)  # has the price, once the picture was fetched
            credits_charged = 0 if generation.state in NOT_ORDERED else generation.credits
        generation = await self._ledger.fail(generation_id, failed.failure, credits_charged)
        await self._publisher.explain(generation, failed.failure)
        log.info("picture_failed", kind=failed.failure.kind, credits=failed.credits_charged)

    async def _count(self, generation_id: UUID, began_at: datetime) -> None:
        try:
            generation = await self._store.get(generation_id)
        except Exception as cause:  # noqa: BLE001  (the picture is what counts, not its metrics)
            log.warning("metrics_not_updated", cause=type(cause).__name__)
        else:
            self._metrics.made(generation, began_at)
