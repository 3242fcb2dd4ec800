"""The operator whose machine's clock is set to another hour while pictures are drawn."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from sqlalchemy import URL, create_engine, text

from bot.alerts.alerts import Alerts
from bot.alerts.webhook_watch import WebhookWatch
from bot.apiframe.client import open_apiframe
from bot.apiframe.wire import JobStatus
from bot.generation.durable_queue import DurableQueue
from bot.generation.job_events import JobEvents
from bot.generation.job_watch import JobWatch
from bot.generation.picture_queue import QueuedPicture
from bot.settings import GenerationSettings
from bot.storage.alerts import AlertStore
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.generations import GenerationStore
from bot.storage.pubsub import PubSub
from tests.bot.alerts.silent_sender import SilentSender
from tests.bot.apiframe.far_end import far_end_that
from tests.promises import ProcessFault

QUICKLY = GenerationSettings(poll_seconds=0.01, job_timeout_seconds=60)
NOW = datetime.now(UTC)
DAY = timedelta(days=1)
HOUR_MS, MINUTE_MS = 3_600_000, 60_000
STARTS = 5


@pytest.mark.promise(ProcessFault.CLOCK_JUMP)
@pytest.mark.parametrize("jump", [DAY, -DAY], ids=["forward", "back"])
@pytest.mark.parametrize("submitted_at", [NOW, NOW + DAY], ids=["just now", "before the clock was set back"])
async def test_a_picture_is_waited_for_whatever_the_clock_says(
    sqlite_url: str, jump: timedelta, submitted_at: datetime
) -> None:
    """Patience is counted by a stopwatch: a clock that jumps by a day neither ends it nor makes it endless."""
    url = parse_database_url(sqlite_url)
    database = Database(url)
    statuses = iter(["PROCESSING", "PROCESSING", "PROCESSING", "COMPLETED"])

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"id": "the-job", "status": next(statuses)})

    clock = jumping(jump)
    pause = DurableQueue(durable_url(url), "all", QUICKLY).pause
    job_events = JobEvents(GenerationStore(database), PubSub(database))
    webhooks = WebhookWatch(Alerts(AlertStore(database), CollectorRegistry(), SilentSender()))
    async with far_end_that(answer) as end, open_apiframe(end.base_url, SecretStr("afk")) as apiframe:
        watch = JobWatch(apiframe, job_events, webhooks, QUICKLY, pause, now=lambda: next(clock))
        job = await watch.until_done("the-job", submitted_at, lambda _: None, lambda _: None)
    await database.close()
    assert job.status is JobStatus.COMPLETED


def jumping(jump: timedelta) -> Iterator[datetime]:
    """Yield the right time once, and then another."""
    yield NOW
    while True:
        yield NOW + jump


@pytest.mark.promise(ProcessFault.CLOCK_JUMP)
@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_a_clock_that_is_set_back_neither_stops_the_queue_nor_its_rate(database_url: str) -> None:
    """A start just before counts for its minute, and no longer, whatever the clock shows by then."""
    url = durable_url(parse_database_url(database_url))
    rationed = GenerationSettings(queue_poll_seconds=0.02, starts_per_minute=STARTS)
    queue = DurableQueue(url, "all", rationed)
    started: list[UUID] = []

    async def work(generation_id: UUID) -> None:
        started.append(generation_id)

    async with queue.serving(work):
        await queue.enqueue([a_picture() for _ in range(STARTS)])
        await until_there_are(STARTS, started)
        await asyncio.to_thread(move_starts, url, 3 * HOUR_MS)
        await queue.enqueue([a_picture()])
        await queue.follow_clock()
        await asyncio.sleep(1)
        assert len(started) == STARTS
        await asyncio.to_thread(move_starts, url, -MINUTE_MS)
        await until_there_are(STARTS + 1, started)


def move_starts(url: URL, by_ms: int) -> None:
    """Move all starts: into the future, as setting the clock back does, or into the past, as time does."""
    is_sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(url if is_sqlite else url.set(drivername="postgresql+psycopg"))
    workflows = "workflow_status" if is_sqlite else "dbos.workflow_status"
    with engine.begin() as connection:
        moved = f"UPDATE {workflows} SET started_at_epoch_ms = started_at_epoch_ms + {by_ms}"  # noqa: S608  (ours)
        connection.execute(text(moved))
    engine.dispose()


async def until_there_are(count: int, started: list[UUID]) -> None:
    async with asyncio.timeout(30):
        while len(started) < count:  # noqa: ASYNC110  (the queue tells nobody)
            await asyncio.sleep(0.02)


def a_picture() -> QueuedPicture:
    return QueuedPicture(uuid4(), "guild:1", datetime.now(UTC))
