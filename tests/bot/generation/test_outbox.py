"""Pictures that a gateway reserved are made by workers: each by one, and as soon as it is there."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from bot.generation.enqueueing import Enqueuer
from bot.generation.executor import Executor
from bot.generation.outbox import OUTBOX, Outbox
from bot.generation.outbox_reader import OutboxReader
from bot.generation.picture_queue import QueuedPicture
from bot.picture.generation import State
from bot.storage.engine import Database
from bot.storage.executor_lock import ExecutorLocks
from bot.storage.executors import ExecutorStore
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from bot.storage.pubsub import PubSub
from tests.bot.generation.idle_delivery import IdleDelivery, review_requests
from tests.bot.storage.examples import EXECUTOR, NOON, bare, written

CARD = 55
AN_HOUR = 3600.0

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class NotedQueue(Outbox):
    """A worker's queue that keeps a list of each kind of call."""

    def __init__(self, executor_id: str, pubsub: PubSub) -> None:
        super().__init__(executor_id, pubsub)
        self.owner = executor_id
        self.enqueued: list[UUID] = []
        self.removed: list[UUID] = []
        self.forgotten: list[UUID] = []

    async def enqueue(self, pictures: Sequence[QueuedPicture]) -> None:
        self.enqueued += [each.id for each in pictures]

    async def remove(self, generation_id: UUID) -> bool:
        self.removed.append(generation_id)
        return True

    async def forget(self, generation_ids: Iterable[UUID]) -> None:
        self.forgotten += generation_ids


async def test_each_worker_adopts_others(database: Database) -> None:
    """Oldest first, and only queued ones of the outbox."""
    store, books = GenerationStore(database), LedgerStore(database)
    waiting = [await written(books, bare(State.QUEUED, NOON + timedelta(seconds=n)), executor=OUTBOX) for n in range(6)]
    await written(books, bare(State.FAILED), executor=OUTBOX)
    await written(books, bare(State.QUEUED), executor=EXECUTOR)
    first = await store.adopt(OUTBOX, "worker-1", limit=2)
    assert [each.id for each in first] == [each.id for each in waiting[:2]]
    rest = await asyncio.gather(*(store.adopt(OUTBOX, f"worker-{n}", limit=3) for n in (2, 3)))
    assert sorted(each.id for some in rest for each in some) == sorted(each.id for each in waiting[2:])
    assert await store.adopt(OUTBOX, "worker-1", limit=2) == []


async def test_a_worker_is_woken(database: Database) -> None:
    """A reserved picture, a cancellation and an erasure reach it by messages, long before it would look by itself."""
    store, books = GenerationStore(database), LedgerStore(database)
    theirs, ours = PubSub(database), PubSub(database)
    worker = await Executor.of_worker(ExecutorLocks(database), ExecutorStore(database))
    async with worker.released_afterwards():
        await worker.take()
        queue = NotedQueue(worker.id, ours)
        reader = OutboxReader(
            store, worker, queue, Enqueuer(store, queue, IdleDelivery(), review_requests(database)), AN_HOUR
        )
        async with ours.heard_by(reader.hear), reader.running():
            while not ours.is_heard:  # noqa: ASYNC110  (it tells nobody)
                await asyncio.sleep(0.02)
            outbox = Outbox(EXECUTOR, theirs)
            reserved = await written(books, bare(State.RESERVED))
            await Enqueuer(store, outbox, IdleDelivery(), review_requests(database)).enqueue(reserved, CARD)
            await outbox.remove(reserved.id)
            await outbox.forget([reserved.id])
            async with asyncio.timeout(20):
                while not (queue.enqueued and queue.removed and queue.forgotten):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
    assert [queue.enqueued, queue.removed, queue.forgotten] == [[reserved.id]] * 3
    now = await store.get(reserved.id)
    assert (now.state, now.card_id) == (State.QUEUED, CARD)


async def test_a_worker_that_misses_the_message_finds_the_picture(database: Database) -> None:
    """It looks into the outbox by itself too."""
    store, books = GenerationStore(database), LedgerStore(database)
    worker = await Executor.of_worker(ExecutorLocks(database), ExecutorStore(database))
    async with worker.released_afterwards():
        await worker.take()
        queue = NotedQueue(worker.id, PubSub(database))
        async with OutboxReader(
            store, worker, queue, Enqueuer(store, queue, IdleDelivery(), review_requests(database)), 0.05
        ).running():
            waiting = await written(books, bare(State.QUEUED), executor=OUTBOX)
            async with asyncio.timeout(20):
                while not queue.enqueued:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
    assert queue.enqueued == [waiting.id]


async def test_workers_take_the_lowest_free_number(database: Database) -> None:
    """One that is restarted comes back to its own work."""
    locks, store = ExecutorLocks(database), ExecutorStore(database)
    first, second = [await Executor.of_worker(locks, store) for _ in range(2)]
    assert [first.id, second.id] == ["worker-1", "worker-2"]
    async with first.released_afterwards():
        pass
    again = await Executor.of_worker(locks, store)
    assert again.id == "worker-1"
    for each in (again, second):
        async with each.released_afterwards():
            pass
