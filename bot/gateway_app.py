"""The composition of a gateway process, which answers members and leaves making pictures to workers.

It imports neither DBOS nor Pillow nor Alembic: it hands pictures over in the outbox, looks at images in a child
process, and waits for tables that a worker brings up to date.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from time import monotonic
from typing import Final
from uuid import UUID

import structlog
from pydantic import SecretStr

from bot import parts
from bot.alerts.alert import Alert
from bot.generation.executor import Executor
from bot.generation.job_events import JobEvents
from bot.generation.outbox import Outbox
from bot.images.child import ChildDecoder
from bot.images.image_worker import ImageWorker
from bot.maintenance.chores import Chore, repeated
from bot.maintenance.price_refresh import PriceRefresh
from bot.maintenance.process_watch import LOOK_SECONDS, ProcessWatch
from bot.maintenance.queue_health import QueueHealth
from bot.parts import RequestParts, Resources
from bot.runner import Beside, BotRunner
from bot.settings import Settings
from bot.storage.executor_lock import ExecutorLocks
from bot.storage.executors import ExecutorStore
from bot.storage.migrate import wait_for_tables
from bot.storage.pubsub import PubSub
from bot.storage.queue_stats import QueueStatsStore
from bot.web.health import health_routes
from bot.web.metrics import metrics_routes
from bot.web.server import serve_web

log = structlog.get_logger(__name__)

_ENQUEUE_SECONDS: Final = 60.0
_WORKERLESS_SECONDS: Final = 15.0  # longer than a worker takes to be started again


@asynccontextmanager
async def open_gateway(settings: Settings, apiframe_key: SecretStr) -> AsyncIterator[BotRunner]:
    """Open a process that serves members; the caller has it serve. Raises `StartupError` without migrated tables."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(parts.open_database(settings, wait_for_tables))
        resources = await stack.enter_async_context(parts.open_resources(settings, database))
        executor = Executor.of_gateway(settings.shards, ExecutorLocks(database), ExecutorStore(database))
        await stack.enter_async_context(executor.released_afterwards())
        apiframe = await stack.enter_async_context(
            parts.open_apiframe_client(resources, apiframe_key, parts.apiframe_watch_of(resources))
        )
        attachments = await stack.enter_async_context(parts.open_attachments(settings))
        pubsub = PubSub(database)
        queue = Outbox(executor.id, pubsub)
        image_worker = ImageWorker(decoder=ChildDecoder())
        requests = parts.request_parts(resources, apiframe, attachments, image_worker, queue, pubsub)
        job_events = JobEvents(requests.store, pubsub)
        await stack.enter_async_context(pubsub.heard_by(requests.style_names.kept.hear, *resources.kept_in_memory))
        await stack.enter_async_context(requests.style_names.kept.followed(pubsub))
        desk = Desk(resources, requests, executor)
        services = parts.services_of(resources, requests, parts.erasure_of(resources, requests), desk.working)
        await resources.cogs.add(services)
        health = QueueHealth(QueueStatsStore(database), queue, settings.generation, resources.metrics)
        checks = [
            resources.bot.why_not_connected,
            services.generations.why_not_serving,
            executor.why_not_working,
            desk.why_no_pictures,
            health.why_not_moving,
        ]
        routes = [
            *health_routes(checks),
            *metrics_routes(resources.metrics.registry, health.show),
            *parts.routes_of_webhooks(settings, apiframe_key, job_events),
        ]
        web_address = await stack.enter_async_context(serve_web(settings.http_host, settings.http_port, routes))
        log.info("web_server_started", address=web_address)
        in_memory = partial(resources.running_in_memory, pubsub)
        budgets = parts.budget_watch_of(resources)
        beside: list[Beside] = [
            resources.alerts.running,
            PriceRefresh(resources.prices, apiframe).running,
            budgets.running,
            parts.summary_watch_of(resources).running,
            in_memory,
        ]
        yield BotRunner(resources.bot, services, beside, executor, web_address, settings.role)


class Desk:
    """The work of a gateway process beside its requests."""

    def __init__(self, resources: Resources, requests: RequestParts, executor: Executor) -> None:
        database = resources.database
        self._enqueuer = requests.enqueuer
        self._alerts = resources.alerts
        self._watch = ProcessWatch(
            executor, ExecutorLocks(database), ExecutorStore(database), resources.alerts, resources.metrics
        )
        self._workers_seen_at: float | None = None

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Put the reservations of an earlier run, and later ones that were postponed, into the outbox."""
        self._workers_seen_at = monotonic()  # they may be started at the same time
        chores = repeated(
            Chore("intake", _ENQUEUE_SECONDS, self._enqueuer.take_up_missing),
            Chore("processes", LOOK_SECONDS, self._look),
        )
        async with self._enqueuer.serving(_made_by_workers), chores:
            yield

    async def why_no_pictures(self) -> str | None:
        """Return why requests would only wait, or None while a worker runs."""
        return "no worker is running" if self._has_no_workers() else None

    async def _look(self) -> None:
        await self._watch.look()
        if self._watch.are_pictures_made:
            self._workers_seen_at = monotonic()
            self._alerts.resolved(Alert.NO_WORKERS)
        elif self._has_no_workers():
            self._alerts.report(Alert.NO_WORKERS)

    def _has_no_workers(self) -> bool:
        seen_at = self._workers_seen_at
        return seen_at is not None and monotonic() - seen_at > _WORKERLESS_SECONDS


async def _made_by_workers(_: UUID) -> None:
    """Make no picture here."""
