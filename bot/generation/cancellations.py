"""Cancelling a picture: it is refunded before anything else, and never ordered afterwards."""

import asyncio
from datetime import UTC, datetime
from typing import Final

import structlog

from bot.errors import StorageUnavailable, UserFacingError
from bot.generation.crash_points import crash_point
from bot.generation.discord_port import Delivery, DeliveryUnavailable
from bot.generation.enqueueing import Enqueuer
from bot.generation.picture_queue import PictureQueue
from bot.i18n import _
from bot.limits.ledger import Ledger
from bot.metrics.metrics import Metrics
from bot.picture.failure import CANCELLED, Failure, FailureKind
from bot.picture.generation import IN_REVIEW, Generation, State
from bot.storage.generation_statements import NOT_ORDERED
from bot.storage.generations import GenerationStore
from bot.storage.reviews import ReviewStore

log = structlog.get_logger(__name__)

_LOOKS: Final = 20
_BETWEEN_LOOKS_SECONDS: Final = 0.1


class TooLateToCancel(UserFacingError):
    """Refuse to cancel a picture that may be ordered, or that has ended in another way."""


class Cancellations:
    """Cancels pictures that are not ordered yet, or that are in review, in whichever process they wait."""

    def __init__(
        self,
        store: GenerationStore,
        ledger: Ledger,
        queue: PictureQueue,
        enqueuer: Enqueuer,
        reviews: ReviewStore,
        delivery: Delivery,
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._queue = queue
        self._enqueuer = enqueuer
        self._reviews = reviews
        self._delivery = delivery
        self._metrics = metrics

    async def cancel(self, generation: Generation, kind: FailureKind) -> None:
        """Refund a picture, say so on the card that `generation` names, and take it out of the queue.

        One that is made and in review costs what it cost. A second call only corrects the card.

        Raises `TooLateToCancel`.
        """
        crash_point("about to cancel")
        if generation.state in NOT_ORDERED:  # noted as queued is not enqueued: its workflow shows the end after a crash
            await self._enqueuer.enqueue(generation, generation.card_id)
        given_back = await self._give_back(generation, Failure(kind=kind))
        crash_point("cancelled, not yet shown")
        failed = given_back or await self._cancelled_before(generation)
        failure = failed.failure or Failure(kind=kind)
        ended = generation.model_copy(update={"state": State.FAILED, "credits": failed.credits, "failure": failure})
        try:
            await self._delivery.explain(ended, failure)
            crash_point("shown as cancelled, still in the queue")
            if await self._leave(generation):
                self._metrics.ended(ended)
        except (DeliveryUnavailable, StorageUnavailable) as cause:  # the workflow shows it when its turn comes
            log.warning("cancellation_not_finished", generation=str(generation.id), cause=str(cause))

    async def _leave(self, generation: Generation) -> bool:
        """Take a picture out of the queue or the review, and return False if its workflow counts it."""
        if generation.state not in IN_REVIEW:
            return await self._queue.remove(generation.id)
        return await self._reviews.close(generation.id, datetime.now(UTC))

    async def _give_back(self, generation: Generation, failure: Failure) -> Generation | None:
        """Refund a picture and return it; None if it is ordered or has ended.

        While an order is on its way, wait a moment: Apiframe may not accept it.
        """
        if generation.state is State.PICTURE_IN_REVIEW:
            return await self._reviews.withdraw(generation.id, failure.model_dump(mode="json"), datetime.now(UTC))
        for _try in range(_LOOKS):
            if ended := await self._ledger.give_back(generation.id, generation.origin.server_key, failure):
                return ended
            if (await self._store.get(generation.id)).state is not State.SUBMITTING:
                return None
            await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
        return None

    async def _cancelled_before(self, generation: Generation) -> Generation:
        """Return the picture as it was cancelled before; raise `TooLateToCancel` if it was not."""
        now = await self._store.get(generation.id)
        if now.failure is not None and now.failure.kind in CANCELLED:
            return now
        if now.finished_at is None:
            raise TooLateToCancel(_("Too late to cancel: this picture is already being made."))
        raise TooLateToCancel(_("Too late to cancel: this request is already finished."))
