"""Asking moderators to review a prompt before it's ordered, or a picture before it's posted."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

import structlog

from bot.errors import StorageUnavailable
from bot.picture.generation import Generation
from bot.storage.pubsub import PubSub
from bot.storage.reviews import ReviewStore

log = structlog.get_logger(__name__)

REVIEWS_DUE: Final = "reviews due"
"""The message to every process that there is something to do about reviews."""


class ReviewRequests:
    """Puts pictures into review; `bot/reviews` posts them for moderators and carries the decisions out."""

    def __init__(
        self, store: ReviewStore, pubsub: PubSub, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = store
        self._pubsub = pubsub
        self._now = now

    async def ask_for_prompts(self, asked: Sequence[tuple[Generation, int | None]], executor: str, owner: str) -> None:
        """Put reserved prompts into review, each with its card; see `ReviewStore.put_prompts`."""
        await self._store.put_prompts(asked, executor, owner, self._now())
        await self.wake()

    async def ask_for_picture(self, generation: Generation) -> Generation:
        """Put a fetched picture into review, and return it as it is then."""
        put = await self._store.put_picture(generation, self._now())
        await self.wake()
        return put

    async def note_carried_out(self, generation: Generation) -> None:
        """Note that a reviewed picture's work has come to its end, so that a decision doesn't begin it again."""
        await self._store.note_carried_out(generation.id, self._now())

    async def wake(self) -> None:
        """Tell the processes that work on reviews; without the message, they look by themselves soon."""
        try:
            await self._pubsub.publish(REVIEWS_DUE)
        except StorageUnavailable as cause:
            log.warning("reviews_not_announced", cause=cause.reason)
