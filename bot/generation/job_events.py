"""Waking the step that waits for a job, in any process: an event is only a reason to look."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import StrEnum

from bot.storage.generations import GenerationStore
from bot.storage.pubsub import PubSub, Subscriber


class JobEvent(StrEnum):
    """An event of a job, according to a webhook."""

    MOVED = "moved"
    ENDED = "ended"


class JobSubscription:
    """The events of one job: `moved` and `ended` since the last look, the rest since the beginning."""

    def __init__(self, job_id: str, pubsub: PubSub) -> None:
        self.job_id = job_id
        self._pubsub = pubsub
        self.moved = asyncio.Event()  # by an end too
        self.ended = asyncio.Event()
        self._heard: set[JobEvent] = set()

    @property
    def heard_anything(self) -> bool:
        """Return True if any event came at all."""
        return bool(self._heard)

    @property
    def is_heard(self) -> bool:
        """Return True if pubsub works, so that a webhook which another process gets arrives here too."""
        return self._pubsub.is_heard

    @property
    def more_will_come(self) -> bool:
        """Return True if further events can be relied on: some have come, not yet the last, and pubsub works."""
        return self._heard == {JobEvent.MOVED} and self._pubsub.is_heard

    def hear(self, news: JobEvent) -> None:
        """Take news in."""
        self._heard.add(news)
        self.moved.set()
        if news is JobEvent.ENDED:
            self.ended.set()

    def look_afresh(self) -> None:
        """Forget what a look that begins now will find anyway."""
        self.moved.clear()
        self.ended.clear()


class JobEvents:
    """Passes a job's events on to the step that waits for it."""

    def __init__(self, store: GenerationStore, pubsub: PubSub) -> None:
        self._store = store
        self._pubsub = pubsub
        self._vigils: set[JobSubscription] = set()

    @asynccontextmanager
    async def listening(self, *others: Subscriber) -> AsyncIterator[None]:
        """Receive the events from all processes, until the end of the block; `others` get the same messages."""
        async with self._pubsub.heard_by(self._hear, *others):
            yield

    async def wake(self, job_id: str, news: JobEvent) -> bool:
        """Wake the step that waits for a job, in any process, and return True if there is one.

        There may be none yet, just after the order was placed: a step checks the job before it waits.
        """
        if not await self._store.is_awaited(job_id):
            return False
        await self._pubsub.publish(f"{news} {job_id}")
        return True

    @contextmanager
    def subscription(self, job_id: str) -> Iterator[JobSubscription]:
        """Keep watch for the news of a job until the end of the block."""
        subscription = JobSubscription(job_id, self._pubsub)
        self._vigils.add(subscription)
        try:
            yield subscription
        finally:
            self._vigils.discard(subscription)

    def _hear(self, word: str) -> None:
        news, _, job_id = word.partition(" ")
        for subscription in self._vigils:
            if subscription.job_id == job_id:
                subscription.hear(JobEvent.MOVED if news == JobEvent.MOVED else JobEvent.ENDED)
