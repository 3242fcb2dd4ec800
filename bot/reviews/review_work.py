"""Carrying reviews out: their messages, their deadlines, and the work of pictures that were decided on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final

import structlog

from bot.errors import record_unexpected
from bot.generation.crash_points import crash_point
from bot.generation.discord_port import ReviewListener
from bot.generation.picture_queue import PictureQueue, QueuedPicture
from bot.generation.review_requests import REVIEWS_DUE
from bot.limits.rulebook import Rulebook
from bot.picture.decision import Decision
from bot.picture.failure import FailureKind
from bot.picture.generation import Generation
from bot.picture.review import AtDeadline
from bot.reviews.review_cards import ReviewCards
from bot.reviews.reviews import rejection
from bot.storage.generations import GenerationStore
from bot.storage.review_decisions import Verdict
from bot.storage.reviews import ReviewStore
from bot.waiting import is_set_within

log = structlog.get_logger(__name__)

_LOOK_SECONDS: Final = 15.0  # also without a message, which may get lost
_AGAIN_SECONDS: Final = 0.5  # while the workflow that put a picture into review is about to end


class ReviewWork:
    """Takes the steps that are due; each may be taken twice, and by several processes."""

    def __init__(
        self,
        store: ReviewStore,
        generations: GenerationStore,
        queue: PictureQueue,
        cards: ReviewCards,
        listener: ReviewListener,
        rulebook: Callable[[str], Awaitable[Rulebook]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._generations = generations
        self._queue = queue
        self._cards = cards
        self._listener = listener
        self._rulebook = rulebook
        self._now = now
        self._due = asyncio.Event()

    def hear(self, word: str) -> None:
        """Look soon if a message says that something is due."""
        if word == REVIEWS_DUE:
            self._due.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work until the end of the block."""
        working = asyncio.create_task(self._work_on(), name="reviews")
        try:
            yield
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    async def _work_on(self) -> None:
        while True:
            self._due.clear()
            is_done = True
            try:
                is_done = await self.go_on()
            except Exception as unexpected:  # noqa: BLE001  (its next turn comes)
                record_unexpected(unexpected, "working on reviews")
            await is_set_within(self._due, _LOOK_SECONDS if is_done else _AGAIN_SECONDS)

    async def go_on(self) -> bool:
        """Do everything that is due, and return False if there's more to do soon."""
        now = self._now()
        if not await self._store.is_anything_due(now):
            return True
        await self._store.note_ended(now)
        for generation_id in await self._store.overdue(now):
            try:
                await self._decide_overdue(await self._generations.get(generation_id), now)
            except Exception as unexpected:  # noqa: BLE001  (the others go on)
                record_unexpected(unexpected, f"the deadline of {generation_id}")
        is_done = await self._resume(now)
        return await self._cards.go_on(now) and is_done

    async def _decide_overdue(self, generation: Generation, now: datetime) -> None:
        """Decide by the terms of a request whose deadline has come; a blocked member's is never approved so."""
        block = (await self._rulebook(generation.origin.server_key)).blocked.get(generation.origin.user_id)
        is_blocked = block is not None and block.holds(now)
        approves = generation.review is not None and generation.review.at_deadline is AtDeadline.APPROVE
        if approves and not is_blocked:
            verdict = Verdict(Decision.APPROVED, None, now)
        else:
            verdict = rejection(generation, FailureKind.NOT_REVIEWED, None, now)
        if await self._store.decide(generation, verdict) is not None:
            self._listener.review_ended(generation, verdict.decision)
            log.info("review_overdue", generation=str(generation.id), decision=verdict.decision)

    async def _resume(self, now: datetime) -> bool:
        """Enqueue decided pictures again: to be made or posted, or to tell their members. Return False if some wait.

        A workflow that is still there is about to end, or carries the decision out already.
        """
        taken = await self._store.take_resumable(now, self._queue.executor_id)
        if not taken:
            return True
        crash_point("decided, not yet resumed")
        ids = [generation.id for generation, _lease in taken]
        await self._queue.forget(ids)
        ended = await self._queue.missing(ids)
        for generation, lease in taken:
            if generation.id in ended:
                await self._enqueue(generation, lease)
            else:
                await self._store.resume_again(generation.id, lease, now)
        return ended >= set(ids)

    async def _enqueue(self, generation: Generation, lease: datetime) -> None:
        """Enqueue a picture again, unless a workflow that was still there has carried the decision out since."""
        held = await self._store.hold_resumable(generation.id, lease, self._now())
        if held is None:
            return
        await self._queue.enqueue([QueuedPicture(generation.id, generation.origin.server_key, generation.created_at)])
        crash_point("resumed, not yet noted")
        await self._store.note_resumed(generation.id, held)
