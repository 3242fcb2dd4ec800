"""The workflow of one picture: submit, wait, fetch, deliver, settle. The picture's row records how far it has come.

A picture that moderators review ends its workflow after it's fetched; their decision begins another one.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import UUID

import structlog

from bot.errors import record_unexpected
from bot.generation.crash_points import crash_point
from bot.generation.discord_port import Posted
from bot.generation.durable_queue import DurableQueue
from bot.generation.failures import GenerationFailed
from bot.generation.posting import PicturePublisher
from bot.generation.review_requests import ReviewRequests
from bot.generation.submission import JobSubmitter
from bot.limits.ledger import Ledger
from bot.metrics.metrics import Metrics
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import IN_REVIEW, Generation, State
from bot.picture.review import ReviewOf
from bot.storage.generation_statements import NOT_ORDERED
from bot.storage.generations import GenerationStore
from bot.storage.scratch import scratch_folder

log = structlog.get_logger(__name__)


class PictureWorkflow:
    """Carries one generation from the queue to its end; after a restart, it goes on from the state of its row."""

    def __init__(
        self,
        queue: DurableQueue,
        submitter: JobSubmitter,
        publisher: PicturePublisher,
        store: GenerationStore,
        ledger: Ledger,
        reviews: ReviewRequests,
        metrics: Metrics,
    ) -> None:
        self._queue = queue
        self._submitter = submitter
        self._publisher = publisher
        self._store = store
        self._ledger = ledger
        self._reviews = reviews
        self._metrics = metrics

    async def run(self, generation_id: UUID) -> None:
        """Make the picture, or end with a reason that the member sees; nothing is charged twice."""
        crash_point("enqueued, not yet started")
        began_at = datetime.now(UTC)
        ended: Generation | None
        with structlog.contextvars.bound_contextvars(generation=str(generation_id)):
            try:
                ended = await self._make(generation_id)
            except GenerationFailed as failed:
                ended = await self._queue.step("fail", self._fail, generation_id, failed)
            except Exception as unexpected:  # noqa: BLE001  (whatever it was, the member gets a reason and a refund)
                reference = record_unexpected(unexpected, f"making the picture {generation_id}")
                broken = GenerationFailed(Failure(kind=FailureKind.BROKEN, reference=reference), credits_charged=None)
                ended = await self._queue.step("fail", self._fail, generation_id, broken)
            if ended is not None:
                if ended.review is not None:
                    await self._queue.step("close", self._reviews.note_carried_out, ended)
                self._metrics.made(ended, began_at)

    async def _make(self, generation_id: UUID) -> Generation | None:
        """Go on from where the picture's row says that it has come to, and return its end; None if it's in review."""
        step = self._queue.step
        generation = await step("submit", self._submitter.submit, generation_id)
        # By a run that was cut off, and may have posted it, or a card.
        entered_before = generation.state in {State.FETCHED, *IN_REVIEW}
        is_ordered = generation.state is State.SUBMITTED
        completed = await step("wait", self._submitter.wait, generation) if is_ordered else None
        with scratch_folder() as folder:
            file = folder / "picture"
            if completed is not None:
                generation = await step("fetch", self._publisher.fetch, generation, completed, file)
            if generation.state is State.FETCHED and generation.awaits_review(ReviewOf.PICTURE):
                entered_before = False
                generation = await step("review", self._reviews.ask_for_picture, generation)
            if generation.state in IN_REVIEW:
                await step("announce", self._publisher.announce_review, generation, seen_before=entered_before)
                return None
            if generation.state is State.FETCHED:
                self._submitter.check_size(generation)
                entries = count(int(entered_before))
                posted = await step("deliver", self._deliver, generation, file, entries)
                generation = await step("settle", self._settle, generation, posted)
        # Not before: a member who reacts at once must find the picture.
        await self._publisher.invite(generation)
        return generation

    async def _deliver(self, generation: Generation, file: Path, entries: Iterator[int]) -> Posted:
        return await self._publisher.deliver(generation, file, seen_before=next(entries) > 0)

    async def _settle(self, generation: Generation, posted: Posted) -> Generation:
        settled = await self._ledger.settle(
            generation.id, generation.credits, message_id=posted.message_id, message_channel_id=posted.channel_id
        )
        crash_point("settled, not yet finished")
        log.info("picture_delivered", credits=generation.credits)
        return settled

    async def _fail(self, generation_id: UUID, failed: GenerationFailed) -> Generation | None:
        """End the picture and say why; return it, or None if somebody cancelled it, who says so.

        A picture that is in review by now stays there, and its decision goes on with it.
        """
        before, credits_charged = await self._store.get(generation_id), failed.credits_charged
        if credits_charged is None:  # the row has the price, once the picture was fetched
            credits_charged = 0 if before.state in NOT_ORDERED else before.credits
        generation = await self._ledger.fail(generation_id, failed.failure, credits_charged)
        if generation.state in IN_REVIEW or await self._queue.is_removed(generation_id):
            return None
        await self._publisher.explain(generation, failed.failure, seen_before=before.state is State.FAILED)
        log.info("picture_failed", kind=failed.failure.kind, credits=failed.credits_charged)
        return generation
