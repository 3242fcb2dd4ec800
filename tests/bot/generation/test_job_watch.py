"""The member whose picture is done just while the bot looks: it is not left lying until the next look."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from bot.alerts.alert import Alert
from bot.alerts.alerts import Alerts
from bot.alerts.webhook_watch import WebhookWatch
from bot.apiframe.client import open_apiframe
from bot.apiframe.wire import JobStatus
from bot.generation.durable_queue import DurableQueue
from bot.generation.job_events import JobEvents
from bot.generation.job_watch import JobWatch
from bot.settings import GenerationSettings
from bot.storage.alerts import AlertStore
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.generations import GenerationStore
from bot.storage.pubsub import PubSub
from tests.bot.alerts.silent_sender import SilentSender
from tests.bot.apiframe.far_end import far_end_that
from tests.promises import ApiframeFault

SELDOM = GenerationSettings(poll_seconds=60, safety_poll_seconds=60)


async def test_a_webhook_that_comes_during_a_look_has_the_bot_look_again(sqlite_url: str) -> None:
    """The answer on its way may be older than the news, so the news count for the next look, which follows at once."""
    url = parse_database_url(sqlite_url)
    database = Database(url)
    pubsub = PubSub(database)
    statuses = iter(["PROCESSING", "COMPLETED"])

    async def answer(_: web.Request) -> web.Response:
        await pubsub.publish("ended the-job")
        return web.json_response({"id": "the-job", "status": next(statuses)})

    webhooks = WebhookWatch(Alerts(AlertStore(database), CollectorRegistry(), SilentSender()))
    job_events = JobEvents(GenerationStore(database), pubsub)
    pause = DurableQueue(durable_url(url), "all", SELDOM).pause
    async with (
        far_end_that(answer) as end,
        job_events.listening(),
        open_apiframe(end.base_url, SecretStr("afk")) as apiframe,
    ):
        watch = JobWatch(apiframe, job_events, webhooks, SELDOM, pause)
        job = await watch.until_done("the-job", datetime.now(UTC), lambda _: None, lambda _: None)
    await database.close()
    assert job.status is JobStatus.COMPLETED


@pytest.mark.parametrize("told", ["delivered", "sent", "failed"])
@pytest.mark.parametrize(("first", "is_silent"), [("running", True), ("unknown", False)])
async def test_only_webhooks_that_should_have_come_while_the_bot_watched_are_missed(
    sqlite_url: str, first: str, is_silent: bool, told: str
) -> None:
    """Webhooks of jobs that ended while the bot was down reached nobody, so the address is still considered fine."""
    url = parse_database_url(sqlite_url)
    database = Database(url)
    looks: Counter[str] = Counter()

    async def answer(request: web.Request) -> web.Response:
        job_id = request.path.rpartition("/")[2]
        looks[job_id] += 1
        if looks[job_id] == 1 and first == "unknown":
            return web.json_response({"error": "the key is being looked at"}, status=403)
        status = "PROCESSING" if looks[job_id] == 1 else "COMPLETED"
        return web.json_response({"id": job_id, "status": status, "webhookStatus": told})

    alerts = Alerts(AlertStore(database), CollectorRegistry(), SilentSender())
    job_events = JobEvents(GenerationStore(database), PubSub(database))
    often = GenerationSettings(poll_seconds=0.01)
    pause = DurableQueue(durable_url(url), "all", often).pause
    async with far_end_that(answer) as end, open_apiframe(end.base_url, SecretStr("afk")) as apiframe:
        watch = JobWatch(apiframe, job_events, WebhookWatch(alerts), often, pause)
        for number in range(5):
            await watch.until_done(f"job-{number}", datetime.now(UTC), lambda _: None, lambda _: None)
    await database.close()
    assert alerts.is_present(Alert.WEBHOOKS_SILENT) is is_silent


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("is_listening", [True, False])
async def test_webhooks_that_only_other_processes_get_are_not_missed(
    database: Database, database_url: str, is_listening: bool
) -> None:
    """Without notifications, as behind a pooler, a worker gets none of the gateway's, whose address is fine."""
    url = parse_database_url(database_url)
    looks: Counter[str] = Counter()

    async def answer(request: web.Request) -> web.Response:
        looks[request.path] += 1
        status = "PROCESSING" if looks[request.path] == 1 else "COMPLETED"
        return web.json_response({"id": request.path.rpartition("/")[2], "status": status, "webhookStatus": "sent"})

    alerts = Alerts(AlertStore(database), CollectorRegistry(), SilentSender())
    pubsub, often = PubSub(database), GenerationSettings(poll_seconds=0.01)
    job_events = JobEvents(GenerationStore(database), pubsub)
    pause = DurableQueue(durable_url(url), "all", often).pause
    async with AsyncExitStack() as stack:
        end = await stack.enter_async_context(far_end_that(answer))
        apiframe = await stack.enter_async_context(open_apiframe(end.base_url, SecretStr("afk")))
        if is_listening:
            await stack.enter_async_context(job_events.listening())
            while not pubsub.is_heard:  # noqa: ASYNC110  (it tells nobody)
                await asyncio.sleep(0.02)
        watch = JobWatch(apiframe, job_events, WebhookWatch(alerts), often, pause)
        for number in range(5):
            await watch.until_done(f"job-{number}", datetime.now(UTC), lambda _: None, lambda _: None)
    assert alerts.is_present(Alert.WEBHOOKS_SILENT) is is_listening


@pytest.mark.promise(ApiframeFault.RATE_LIMITED_POLLS)
@pytest.mark.parametrize(("timeout_seconds", "pause_seconds"), [(1200, 900), (600, 600)])
async def test_a_pause_that_apiframe_names_is_kept(
    sqlite_url: str, timeout_seconds: float, pause_seconds: float
) -> None:
    """However much longer than a request is tried again for; at its end, or that of patience, the bot looks again."""
    database = Database(parse_database_url(sqlite_url))
    answers = iter(
        [
            web.json_response({"error": "Rate limit exceeded"}, status=429, headers={"Retry-After": "900"}),
            web.json_response({"id": "the-job", "status": "COMPLETED"}),
        ]
    )
    pauses: list[float] = []

    async def answer(_: web.Request) -> web.Response:
        return next(answers)

    async def pause(seconds: float, _: asyncio.Event) -> None:
        pauses.append(seconds)

    webhooks = WebhookWatch(Alerts(AlertStore(database), CollectorRegistry(), SilentSender()))
    job_events = JobEvents(GenerationStore(database), PubSub(database))
    settings = GenerationSettings(job_timeout_seconds=timeout_seconds)
    async with far_end_that(answer) as end, open_apiframe(end.base_url, SecretStr("afk")) as apiframe:
        watch = JobWatch(apiframe, job_events, webhooks, settings, pause, stopwatch=lambda: 0.0)
        job = await watch.until_done("the-job", datetime.now(UTC), lambda _: None, lambda _: None)
    await database.close()
    assert job.status is JobStatus.COMPLETED
    assert pauses == [pytest.approx(pause_seconds, abs=1)]
