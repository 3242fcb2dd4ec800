"""From a reserved picture into the durable queue, also where a crash or a silent database came between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from bot.errors import StorageUnavailable, record_unexpected
from bot.generation.batches import Batches
from bot.generation.crash_points import crash_point
from bot.generation.discord_port import Delivery
from bot.generation.picture_queue import PictureQueue, QueuedPicture
from bot.generation.review_requests import ReviewRequests
from bot.picture.generation import Generation, State
from bot.picture.review import ReviewOf
from bot.storage.generation_statements import NOT_ORDERED
from bot.storage.generations import GenerationStore

log = structlog.get_logger(__name__)

_ANSWERED_WITHIN = timedelta(minutes=2)  # afterwards, no request is about to begin or abandon its reservation


class Enqueuer:
    """Hands generations to the queue, and prompts to moderators first; a second time changes nothing."""

    def __init__(
        self,
        store: GenerationStore,
        queue: PictureQueue,
        delivery: Delivery,
        reviews: ReviewRequests,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._queue = queue
        self._delivery = delivery
        self._reviews = reviews
        self._now = now
        self._given_back: set[UUID] = set()
        self._batches = Batches(self._enqueue_batch)

    @property
    def executor_id(self) -> str:
        """Return the name under which this process stores its generations."""
        return self._queue.executor_id

    async def enqueue(self, generation: Generation, card_id: int | None) -> None:
        """Enqueue a generation with its card, with others of this moment; None leaves the card that is stored."""
        await self._batches.add((generation, card_id))

    async def _enqueue_batch(self, answered: Sequence[tuple[Generation, int | None]]) -> None:
        if to_review := [each for each in answered if _is_to_be_reviewed(each[0])]:
            await self._reviews.ask_for_prompts(to_review, self.executor_id, self._queue.owner)
        if to_make := [each for each in answered if not _is_to_be_reviewed(each[0])]:
            await self._enqueue_approved(to_make)

    async def _enqueue_approved(self, answered: Sequence[tuple[Generation, int | None]]) -> None:
        cards = [(generation.id, card_id) for generation, card_id in answered]
        await self._store.note_queued(cards, self.executor_id, self._queue.owner)
        crash_point("noted as queued, not yet enqueued")
        pictures = [QueuedPicture(each.id, each.origin.server_key, each.created_at) for each, _ in answered]
        await self._queue.enqueue(pictures)

    def hold_back(self, generation_id: UUID) -> None:
        """Never take a generation up: its member has read that it is refunded."""
        self._given_back.add(generation_id)

    def release(self, generation_id: UUID) -> None:
        """Forget a generation that is refunded in the database too."""
        self._given_back.discard(generation_id)

    @asynccontextmanager
    async def serving(self, work: Callable[[UUID], Awaitable[None]]) -> AsyncIterator[None]:
        """Serve the queue until the end of the block, with the generations that an earlier run did not enqueue."""
        async with self._queue.serving(work):
            await self.enqueue_all(await self._store.in_states(NOT_ORDERED, self.executor_id))
            try:
                yield
            finally:
                await self._batches.flush()

    async def take_over(self, executor_id: str) -> Sequence[Generation]:
        """Make a dead process's pictures this one's, and return those to enqueue; `take_up_missing` finds them too."""
        left = await self._store.in_states(NOT_ORDERED, executor_id)
        await self._store.hand_over(executor_id, self.executor_id)
        return left

    async def take_up_missing(self) -> None:
        """Enqueue reservations of a while ago that are not in the queue: the database was unavailable then."""
        asked_before = self._now() - _ANSWERED_WITHIN
        late = [
            each
            for each in await self._store.in_states(NOT_ORDERED, self.executor_id, asked_before=asked_before)
            if each.id not in self._given_back
        ]
        missing = await self._queue.missing([each.id for each in late])
        await self.enqueue_all([each for each in late if each.id in missing])

    async def enqueue_all(self, left: Sequence[Generation]) -> None:
        """Enqueue pictures with their cards, each whatever happens to the others; unknown cards are looked for."""
        cards = [each.card_id or await self._delivery.find_card(each) for each in left]
        entries = [self.enqueue(each, card_id) for each, card_id in zip(left, cards, strict=True)]
        for each, outcome in zip(left, await asyncio.gather(*entries, return_exceptions=True), strict=True):
            if isinstance(outcome, StorageUnavailable):
                log.warning("enqueue_postponed", generation=str(each.id), cause=outcome.reason)
            elif isinstance(outcome, Exception):
                record_unexpected(outcome, f"handing {each.id} to the queue")


def _is_to_be_reviewed(generation: Generation) -> bool:
    return generation.state is State.RESERVED and generation.awaits_review(ReviewOf.PROMPT)
