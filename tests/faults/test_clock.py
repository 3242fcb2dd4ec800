"""The operator whose machine's clock is set to another hour while pictures are drawn."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from bot.apiframe.client import open_apiframe
from bot.apiframe.wire import JobStatus
from bot.generation.durable import DurableQueue
from bot.generation.waiting import JobWatch
from bot.generation.waking import Waking
from bot.notices.notices import Notices
from bot.notices.webhook_watch import WebhookWatch
from bot.settings import GenerationSettings
from bot.storage.bell import Bell
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.generations import GenerationStore
from bot.storage.troubles import TroubleStore
from tests.bot.apiframe.far_end import far_end_that

QUICKLY = GenerationSettings(poll_seconds=0.01, job_patience_seconds=60)
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


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
    waking = Waking(GenerationStore(database), Bell(database))
    webhooks = WebhookWatch(Notices(TroubleStore(database), CollectorRegistry()))
    async with far_end_that(answer) as end, open_apiframe(end.base_url, SecretStr("afk")) as apiframe:
        watch = JobWatch(apiframe, waking, webhooks, QUICKLY, pause, now=lambda: next(clock))
        job = await watch.until_done("the-job", submitted_at, lambda _: None, lambda _: None)
    await database.close()
    assert job.status is JobStatus.COMPLETED


def jumping(jump: timedelta) -> Iterator[datetime]:
    """Yield the right time once, and then another."""
    yield NOW
    while True:
        yield NOW + jump
