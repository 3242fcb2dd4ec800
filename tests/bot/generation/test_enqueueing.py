"""A request that was stored while the workflow database was down is not forgotten."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, event

from bot.generation.durable_queue import DurableQueue
from bot.generation.enqueueing import Enqueuer
from bot.picture.generation import Generation, State
from bot.settings import GenerationSettings
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from tests.bot.generation.idle_delivery import IdleDelivery, review_requests
from tests.bot.limits.counting import Watch
from tests.bot.storage.examples import EXECUTOR, NOON, bare, written
from tests.promises import StorageFault

SOON, LATER = timedelta(minutes=1), timedelta(minutes=3)
CARD = 55
QUICK = GenerationSettings(queue_poll_seconds=0.02)
IDLE = GenerationSettings(queue_poll_seconds=30)
WRITES_ONE_BATCH = (
    "UPDATE generations SET ",
    "UPDATE workflow_status SET created_at",
    "UPDATE dbos.workflow_status SET created_at",
)


class Hands(IdleDelivery):
    """Hands that find a card in the channel."""

    async def find_card(self, generation: Generation) -> int | None:
        return CARD + generation.origin.channel_id


@pytest.mark.promise(StorageFault.QUEUE_INTERRUPTED)
async def test_what_never_came_into_the_queue_is_taken_up_without_a_restart(
    database: Database, database_url: str
) -> None:
    """After two minutes, once, with its card, marked as queued or not, and only if it belongs to this process."""
    store, books = GenerationStore(database), LedgerStore(database)
    queue = DurableQueue(durable_url(parse_database_url(database_url)), EXECUTOR, QUICK)
    watch = Watch()
    enqueuer = Enqueuer(store, queue, Hands(), review_requests(database), now=watch)
    drawn: list[UUID] = []

    async def work(generation_id: UUID) -> None:
        drawn.append(generation_id)

    async with enqueuer.serving(work):
        reserved, queued = [await written(books, bare(state)) for state in (State.RESERVED, State.QUEUED)]
        await written(books, bare(State.SUBMITTED))
        await written(books, bare(), executor="shards-1")
        watch.time = NOON + SOON
        await enqueuer.take_up_missing()
        assert await store.get(reserved.id) == reserved
        watch.time = NOON + LATER
        for _ in range(2):
            await enqueuer.take_up_missing()
        async with asyncio.timeout(10):
            while len(drawn) < 2:  # noqa: ASYNC110  (the queue tells nobody)
                await asyncio.sleep(0.02)
    assert sorted(drawn) == sorted([reserved.id, queued.id])
    for each in (reserved, queued):
        now = await store.get(each.id)
        assert (now.state, now.card_id) == (State.QUEUED, CARD + each.origin.channel_id)


async def test_what_waits_in_the_queue_is_left_where_it_is(database: Database, database_url: str) -> None:
    """However long the queue is, the bot doesn't search the channel again for pictures in it."""
    store, books = GenerationStore(database), LedgerStore(database)
    queue = DurableQueue(durable_url(parse_database_url(database_url)), EXECUTOR, QUICK)
    enqueuer = Enqueuer(store, queue, Hands(), review_requests(database), now=lambda: NOON + LATER)
    waiting = asyncio.Event()

    async def work(_: UUID) -> None:
        await waiting.wait()

    async with enqueuer.serving(work):
        queued = await written(books, bare())
        await enqueuer.enqueue(queued, None)
        await enqueuer.take_up_missing()
        waiting.set()
    assert (await store.get(queued.id)).card_id is None


async def test_what_is_given_back_is_never_taken_up(database: Database, database_url: str) -> None:
    """Not even before the database has been updated; afterwards, the refund is forgotten."""
    store, books = GenerationStore(database), LedgerStore(database)
    queue = DurableQueue(durable_url(parse_database_url(database_url)), EXECUTOR, QUICK)
    enqueuer = Enqueuer(store, queue, Hands(), review_requests(database), now=lambda: NOON + LATER)

    async def work(_: UUID) -> None:
        pytest.fail("it was given back")

    async with enqueuer.serving(work):
        reserved = await written(books, bare(State.RESERVED))
        enqueuer.hold_back(reserved.id)
        await enqueuer.take_up_missing()
        assert await store.get(reserved.id) == reserved
        await store.advance(reserved.id, State.FAILED)
        enqueuer.release(reserved.id)
        await enqueuer.take_up_missing()
    assert (await store.get(reserved.id)).state is State.FAILED


async def test_members_of_one_moment_are_enqueued_in_two_transactions(database: Database, database_url: str) -> None:
    """One in the bot's tables and one in the queue's, for 20 pictures as for one."""
    store, books = GenerationStore(database), LedgerStore(database)
    queue = DurableQueue(durable_url(parse_database_url(database_url)), EXECUTOR, IDLE)
    enqueuer = Enqueuer(store, queue, Hands(), review_requests(database))
    writes: list[str] = []

    def count(_: Connection, __: object, statement: str, *___: object) -> None:
        if statement.startswith(WRITES_ONE_BATCH):
            writes.append(statement)

    async def work(_: UUID) -> None:
        await asyncio.sleep(3600)

    async with enqueuer.serving(work):
        reserved = [await written(books, bare(State.RESERVED)) for _ in range(20)]
        event.listen(Engine, "before_cursor_execute", count)
        await asyncio.gather(*(enqueuer.enqueue(each, CARD) for each in reserved))
        event.remove(Engine, "before_cursor_execute", count)
        assert await queue.missing([each.id for each in reserved]) == frozenset()
    assert len(writes) == 2, writes
    for each in reserved:
        now = await store.get(each.id)
        assert (now.state, now.card_id) == (State.QUEUED, CARD)


async def test_whoever_asked_first_is_served_first(database: Database, database_url: str) -> None:
    """Also within one batch, one second and one server, and however late the first was handed over."""
    store, books = GenerationStore(database), LedgerStore(database)
    one_at_a_time = QUICK.model_copy(update={"concurrency": 1})
    queue = DurableQueue(durable_url(parse_database_url(database_url)), EXECUTOR, one_at_a_time)
    enqueuer = Enqueuer(store, queue, Hands(), review_requests(database))
    drawn: list[UUID] = []
    may_draw = asyncio.Event()

    async def work(generation_id: UUID) -> None:
        await may_draw.wait()
        drawn.append(generation_id)

    async with enqueuer.serving(work):
        blocker = await written(books, bare(State.RESERVED, created_at=NOON))
        await enqueuer.enqueue(blocker, CARD)
        await asyncio.sleep(0.2)
        asked = [
            await written(books, bare(State.RESERVED, created_at=NOON + timedelta(milliseconds=10 * number)))
            for number in range(1, 9)
        ]
        await asyncio.gather(*(enqueuer.enqueue(each, CARD) for each in reversed(asked[:4])))
        await asyncio.gather(*(enqueuer.enqueue(each, CARD) for each in reversed(asked[4:])))
        may_draw.set()
        async with asyncio.timeout(20):
            while len(drawn) < 9:  # noqa: ASYNC110  (the queue tells nobody)
                await asyncio.sleep(0.02)
    assert drawn == [blocker.id, *(each.id for each in asked)]
