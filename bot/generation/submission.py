"""Ordering a picture from Apiframe and waiting for it; each step may be entered twice and has its effect once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from bot.apiframe.client import Apiframe
from bot.apiframe.errors import ApiframeError, BadRequest, Conflict, OrderInDoubt
from bot.apiframe.order import Order
from bot.apiframe.retry import OnWait, RetryPause, RetryReason
from bot.apiframe.wire import Job, JobStatus
from bot.generation.crash_points import crash_point
from bot.generation.discord_port import Delivery
from bot.generation.failures import GenerationFailed, doubt_of, failure_of, refusal_of
from bot.generation.job_watch import JobWatch
from bot.generation.lost_orders import LostOrders
from bot.generation.size_check import check_size
from bot.generation.stored_order import StoredOrder
from bot.images.references import References
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation, State
from bot.picture.progress import Drawing, HeldUp, Obstacle, Submitting
from bot.storage.generations import GenerationStore
from bot.storage.images import ImageLost

log = structlog.get_logger(__name__)

_KEY_KNOWN_FOR = timedelta(hours=23)  # Apiframe knows it for 24, and there has to be time left for trying
# While an earlier request with the key is still being handled; a layer that takes longer has lost it.
_CONFLICT_PAUSES_SECONDS: Final = (2.0, 5.0, 10.0, 20.0, 30.0)


@dataclass(frozen=True, slots=True)
class CompletedJob:
    """A finished job: the picture's address, the cost in credits, and the time it took; None if not reported."""

    url: str
    credits: int | None
    seconds_taken: float | None = None


class JobSubmitter:
    """Orders pictures and waits for them."""

    def __init__(
        self,
        store: GenerationStore,
        apiframe: Apiframe,
        watch: JobWatch,
        references: References,
        lost_orders: LostOrders,
        delivery: Delivery,
        webhook_url: str | None,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._store = store
        self._apiframe = apiframe
        self._watch = watch
        self._references = references
        self._lost_orders = lost_orders
        self._delivery = delivery
        self._webhook_url = webhook_url
        self._pause = pause

    async def submit(self, generation_id: UUID) -> Generation:
        """Order the picture, and return it; a second order repeats the first one, word for word.

        One that has been ordered already is returned as it is. Raises `GenerationFailed`, also where there may be an
        order whose job cannot be found, and for a picture that has failed.
        """
        generation = await self._store.advance(generation_id, State.SUBMITTING)
        if generation.failure is not None:  # cancelled while it waited for its turn
            raise GenerationFailed(generation.failure)
        if generation.state is not State.SUBMITTING:
            return generation
        self._delivery.show(generation, Submitting())
        crash_point("about to submit")
        if _is_too_old_to_repeat(generation):
            return await self._find(generation)
        try:
            job_id = await self._place_or_find(generation)
        except (ApiframeError, ImageLost) as cause:
            if _may_be_ordered(generation, cause):
                return await self._find(generation, cause)
            raise refusal_of(cause) from cause
        crash_point("submitted, not yet saved")
        accepted_at = datetime.now(UTC)
        await self._store.accept(generation.id, job_id, accepted_at)
        self._delivery.show(generation, Drawing(None))
        accepted = {"state": State.SUBMITTED, "job_id": job_id, "submitted_at": accepted_at, "order_body": None}
        return generation.model_copy(update=accepted)

    async def _place_or_find(self, generation: Generation) -> str:
        """Place the order. If Apiframe answers 409, find its job or repeat the order byte for byte."""
        try:
            return await self._place(generation)
        except OrderInDoubt as doubt:
            if not isinstance(doubt.refusal, Conflict):
                raise
            return await self._repeat(generation.id, doubt)

    async def _repeat(self, generation_id: UUID, doubt: OrderInDoubt) -> str:
        """Look for the job and repeat the order in turn, since Apiframe may still be handling it; raise the last doubt.

        The job of an order with another body, which gets 409 too, is listed already.
        """
        for seconds in _CONFLICT_PAUSES_SECONDS:
            generation = await self._store.get(generation_id)  # with the order that was kept
            if found := await self._lost_orders.look(generation):
                return found
            log.warning("order_in_conflict", generation=str(generation_id), seconds=seconds)
            await self._pause(seconds)
            try:
                return await self._place(generation)
            except BadRequest:
                raise
            except ApiframeError as cause:
                doubt = cause if isinstance(cause, OrderInDoubt) else OrderInDoubt(cause)
                if not isinstance(doubt.refusal, Conflict):
                    raise doubt from cause
        raise doubt

    async def _place(self, generation: Generation) -> str:
        """Send the order that was kept, or write one, keep it and send that; return the job's id.

        Raises `GenerationFailed` if the picture was cancelled before the order could be kept.
        """
        order, record = await self._order(generation), StoredOrder(self._store, generation)
        on_wait = self._showing_waits(generation)
        accepted = await self._apiframe.submit(
            order, idempotency_key=str(generation.id), record=record, on_wait=on_wait
        )
        return accepted.job_id

    def check_size(self, generation: Generation) -> None:
        """Notice a fetched picture that came back in another size than was ordered."""
        check_size(generation, self._apiframe)

    async def _order(self, generation: Generation) -> Order:
        """Return the order that was kept, though a link in it may have died: it may be taken, and be drawn already."""
        request = generation.request
        if generation.order_body is not None:
            sizes = [(each.width, each.height) for each in request.references]
            return Order.kept(generation.order_body, request.params, sizes)
        images = await self._references.within_reach(request.references)
        return self._apiframe.write_order(request.ordered_prompt, request.params, images, self._webhook_url)

    async def _find(self, generation: Generation, cause: Exception | None = None) -> Generation:
        """Return a picture with its lost job; raise `GenerationFailed`, cost unknown, if there is none."""
        found = await self._lost_orders.find(await self._store.get(generation.id))
        if found is None:
            raise doubt_of(cause) from cause
        return await self._store.get(generation.id)

    async def wait(self, generation: Generation) -> CompletedJob:
        """Wait for the job's end; raise `GenerationFailed` if the job made no picture."""
        crash_point("saved, not yet waiting")

        def show(job: Job) -> None:
            self._delivery.show(generation, Drawing(job.progress))

        submitted_at = generation.submitted_at or datetime.now(UTC)
        on_wait = self._showing_waits(generation)
        job = await self._watch.until_done(generation.job_id or "", submitted_at, show, on_wait)
        if job.status is not JobStatus.COMPLETED:
            raise failure_of(job)
        if job.expired:
            raise GenerationFailed(Failure(kind=FailureKind.EXPIRED), job.credit_cost)
        if not job.images:
            raise GenerationFailed(Failure(kind=FailureKind.PICTURE_BROKEN), job.credit_cost)
        return CompletedJob(job.images[0], job.credit_cost, job.seconds_taken)

    def _showing_waits(self, generation: Generation) -> OnWait:
        """Return what shows a pause to the member: “nothing is spent” only if no order can have been accepted."""

        def on_wait(waiting: RetryPause) -> None:
            may_be_ordered = waiting.in_doubt or generation.submitted_at is not None
            silence = Obstacle.UNREACHABLE if may_be_ordered else Obstacle.NOT_ORDERED
            obstacle = Obstacle.RATE_LIMITED if waiting.reason is RetryReason.RATE_LIMITED else silence
            until = datetime.now(UTC) + timedelta(seconds=waiting.seconds_left)
            self._delivery.show(generation, HeldUp(obstacle, until, can_be_cancelled=not may_be_ordered))

        return on_wait


def _may_be_ordered(generation: Generation, cause: Exception) -> bool:
    """Return True if there may be a job, by an earlier try or by this one; a 400 says that none was made."""
    if isinstance(cause, BadRequest):
        return False
    return isinstance(cause, OrderInDoubt) or generation.submitted_at is not None


def _is_too_old_to_repeat(generation: Generation) -> bool:
    """Return True if Apiframe has forgotten the order's key by now, and would make a second job."""
    asked_at = generation.submitted_at
    return asked_at is not None and datetime.now(UTC) - asked_at > _KEY_KNOWN_FOR
