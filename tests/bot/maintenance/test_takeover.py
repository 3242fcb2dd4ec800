"""The operator runs several processes, one of which dies or hangs: another takes over its pictures."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from structlog.testing import capture_logs

from bot.alerts.alerts import Alerts
from bot.generation.discord_port import Delivery
from bot.generation.durable_queue import DurableQueue
from bot.generation.enqueueing import Enqueuer
from bot.generation.executor import Executor
from bot.maintenance.process_watch import ProcessWatch
from bot.maintenance.takeover import Takeover
from bot.metrics.metrics import Metrics
from bot.picture.generation import Generation, State
from bot.picture.shards import Shards
from bot.settings import GenerationSettings
from bot.storage.alerts import AlertStore
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.executor_lock import ExecutorLocks
from bot.storage.executors import ExecutorRow, ExecutorStore
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from tests.bot.alerts.silent_sender import SilentSender
from tests.bot.generation.idle_delivery import IdleDelivery, review_requests
from tests.bot.storage.examples import bare, written
from tests.promises import ProcessFault

HERE, GONE = Shards(2, (0,)), Shards(2, (1,))
QUICK = GenerationSettings(queue_poll_seconds=0.02)
SOON, HALF_A_MINUTE = 9.0, 31.0
STUCK = "UPDATE {table} SET status = 'PENDING', executor_id = 'shards-1' WHERE workflow_uuid = '{id}'"


@dataclass
class Scene:
    """A process that looks after another one, which is gone."""

    database: Database
    url: str
    delivery: Delivery = field(default_factory=IdleDelivery)
    seconds: float = 0.0
    drawn: list[UUID] = field(default_factory=list)

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[Takeover]:
        """Serve the queue here, and yield what looks after the other process."""
        store, metrics, locks = GenerationStore(self.database), Metrics(), ExecutorLocks(self.database)
        executors = ExecutorStore(self.database)
        executor = Executor.of_shards(HERE, locks, executors)
        queue = DurableQueue(durable_url(parse_database_url(self.url)), executor.id, QUICK)
        enqueuer = Enqueuer(store, queue, self.delivery, review_requests(self.database))
        alerts = Alerts(AlertStore(self.database), metrics.registry, SilentSender())
        async with executor.released_afterwards(), enqueuer.serving(self._work):
            await executor.take()
            await executors.begin(ExecutorRow(GONE.executor_id, GONE.count, GONE.ids, datetime.now(UTC)))
            watch = ProcessWatch(executor, locks, executors, alerts, metrics, lambda: self.seconds)
            yield Takeover(watch, queue, enqueuer)

    async def _work(self, generation_id: UUID) -> None:
        self.drawn.append(generation_id)

    async def draws(self, count: int) -> None:
        """Wait until this many pictures were drawn here, one of them twice."""
        async with asyncio.timeout(10):
            while len(self.drawn) < count:  # noqa: ASYNC110  (the queue tells nobody)
                await asyncio.sleep(0.02)

    async def the_other_one_dequeues(self, generation: Generation) -> None:
        """Make a picture's work the other process's, as its own queue does while it is stuck."""
        url = durable_url(parse_database_url(self.url))
        is_postgres = url.get_backend_name() == "postgresql"
        engine = create_engine(url.set(drivername="postgresql+psycopg") if is_postgres else url)
        table = "dbos.workflow_status" if is_postgres else "workflow_status"
        with engine.begin() as connection:
            connection.execute(text(STUCK.format(table=table, id=generation.id)))
        engine.dispose()


@pytest.fixture
def scene(database: Database, database_url: str) -> Scene:
    return Scene(database, database_url)


class LookingHands(IdleDelivery):
    """Hands that note whether the dead process's lock is free while they look for a card at Discord."""

    def __init__(self, database: Database) -> None:
        self._locks = ExecutorLocks(database)
        self.free: list[bool] = []

    async def find_card(self, generation: Generation) -> int | None:  # noqa: ARG002  (the Delivery's signature)
        self.free.append(GONE.executor_id in await self._locks.free([GONE.executor_id]))
        return 55


@pytest.mark.promise(ProcessFault.DIES_AND_RESTARTS)
async def test_a_process_that_is_restarted_finds_its_lock_free(scene: Scene) -> None:
    """While cards are looked for at Discord, which is slow, its lock is not held."""
    left = await written(LedgerStore(scene.database), bare(), executor=GONE.executor_id)
    scene.delivery = hands = LookingHands(scene.database)
    async with scene.looking() as takeover:
        await takeover.look()
        scene.seconds += SOON
        await takeover.look()
        await scene.draws(1)
    assert (hands.free, scene.drawn) == ([True], [left.id])
    assert (await GenerationStore(scene.database).get(left.id)).state is State.QUEUED


@pytest.mark.promise(ProcessFault.STUCK_PROCESS)
async def test_work_that_a_stuck_process_still_takes_is_taken_over_too(scene: Scene) -> None:
    """Every half a minute while its lock is free; if there is no work, nothing is logged."""
    generation = await written(LedgerStore(scene.database), bare(), executor=GONE.executor_id)
    with capture_logs() as lines:
        async with scene.looking() as takeover:
            for count, wait in enumerate((0.0, SOON, HALF_A_MINUTE, HALF_A_MINUTE)):
                scene.seconds += wait
                await takeover.look()
                if count:
                    await scene.draws(count)
                    await asyncio.sleep(0.3)  # until its end is saved
                    await scene.the_other_one_dequeues(generation)
            for _ in range(2):
                scene.seconds += HALF_A_MINUTE
                await takeover.look()
                await asyncio.sleep(0.3)
    taken = [(each["under_way"], each["waiting"]) for each in lines if each["event"] == "executor_taken_over"]
    assert taken == [(0, 1), (1, 0), (1, 0), (1, 0)]
    assert scene.drawn == [generation.id] * 4
