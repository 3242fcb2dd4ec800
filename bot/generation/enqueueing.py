"""From a reserved picture into the durable queue, also where a crash or a silent database came between."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bot.generation.crash_points import crash_point
from bot.generation.discord_port import Delivery
from bot.generation.durable_queue import DurableQueue
from bot.picture.generation import Generation, State
from bot.storage.generations import NOT_ORDERED, GenerationStore

_ANSWERED_WITHIN = timedelta(minutes=2)  # afterwards, nobody is about to begin or to abandon what was reserved


class Enqueuer:
    """Hands generations to the queue; what the queue has already is not changed by a second time."""

    def __init__(
        self,
        store: GenerationStore,
        queue: DurableQueue,
        delivery: Delivery,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._queue = queue
        self._delivery = delivery
        self._now = now
        self._given_back: set[UUID] = set()

    @property
    def executor_id(self) -> str:
        """Return the name under which this process stores its generations."""
        return self._queue.executor_id

    async def enqueue(self, generation: Generation, card_id: int | None) -> None:
        """Enqueue a generation with its card; None leaves the card that is stored."""
        card = {} if card_id is None else {"card_id": card_id}
        await self._store.advance(generation.id, State.QUEUED, **card)
        crash_point("noted as queued, not yet enqueued")
        await self._queue.enqueue(generation.id, generation.origin.server_key)

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
            yield

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

    async def enqueue_all(self, left: Iterable[Generation]) -> None:
        """Enqueue pictures with their cards; unknown ones are looked for at Discord."""
        for early in left:
            await self.enqueue(early, early.card_id or await self._delivery.find_card(early))
