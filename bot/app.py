"""The composition root: everything is opened here, handed over by constructor, and closed in reverse."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from datetime import timedelta
from functools import partial

import structlog
from pydantic import SecretStr

from bot import parts
from bot.alerts.credit_check import CreditCheck
from bot.alerts.webhook_watch import WebhookWatch
from bot.apiframe.client import Apiframe
from bot.apiframe.download import Downloader, open_downloader
from bot.apiframe.hosts import AllowedHosts
from bot.apiframe.retry import RetryPolicy
from bot.favourites.showcase import SHOWCASE_SECONDS
from bot.generation.durable_queue import DurableQueue, Measure
from bot.generation.executor import Executor
from bot.generation.job_events import JobEvents
from bot.generation.job_watch import JobWatch
from bot.generation.lost_orders import LostOrders
from bot.generation.outbox_reader import OutboxReader
from bot.generation.posting import PicturePublisher
from bot.generation.submission import JobSubmitter
from bot.generation.workflow import PictureWorkflow
from bot.images.image_worker import ImageWorker
from bot.limits.moderation import read_rulebook
from bot.maintenance.chores import Chore
from bot.maintenance.image_backfill import ImageBackfill
from bot.maintenance.image_sweep import ImageSweep
from bot.maintenance.late_charges import LateCharges
from bot.maintenance.price_refresh import PriceRefresh
from bot.maintenance.process_watch import ProcessWatch
from bot.maintenance.queue_health import QueueHealth
from bot.maintenance.queue_positions import QueuePositions
from bot.maintenance.schedule import Maintenance
from bot.maintenance.takeover import Takeover
from bot.parts import RequestParts, Resources, direct_url
from bot.reviews.review_cards import ReviewCards
from bot.reviews.review_work import ReviewWork
from bot.role import Role
from bot.runner import Beside, BotRunner
from bot.settings import Settings
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.executor_lock import ExecutorLocks
from bot.storage.executors import ExecutorStore
from bot.storage.migrate import migrate
from bot.storage.pubsub import PubSub
from bot.storage.queue_stats import QueueStatsStore
from bot.storage.reviews import ReviewStore
from bot.storage.rules import RulesStore
from bot.storage.styles import StyleStore
from bot.web.health import health_routes
from bot.web.metrics import metrics_routes
from bot.web.server import serve_web
from bot.web.webhooks import webhook_address

log = structlog.get_logger(__name__)


@asynccontextmanager
async def open_bot(settings: Settings, apiframe_key: SecretStr) -> AsyncIterator[BotRunner]:
    """Open a process that makes pictures, and serves members too unless it is a worker; the caller has it serve."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings))
        resources = await stack.enter_async_context(parts.open_resources(settings, database))
        executor = await _executor(settings, database)
        await stack.enter_async_context(executor.released_afterwards())
        queue = _durable_queue(settings, resources.metrics.stage, executor)
        watch = parts.apiframe_watch_of(resources)
        apiframe = await stack.enter_async_context(
            parts.open_apiframe_client(resources, apiframe_key, watch, queue.pause)
        )
        attachments = await stack.enter_async_context(parts.open_attachments(settings))
        results = await stack.enter_async_context(_open_results(settings))
        pubsub = PubSub(database)
        requests = parts.request_parts(resources, apiframe, attachments, ImageWorker(), queue, pubsub)
        outbox = OutboxReader(requests.store, executor, queue, requests.enqueuer)
        job_events = JobEvents(requests.store, pubsub)
        reviews = _review_work(resources, requests, queue)
        hears = (outbox.hear, queue.hear, reviews.hear, requests.style_names.kept.hear, *resources.kept_in_memory)
        await stack.enter_async_context(job_events.listening(*hears))
        await stack.enter_async_context(requests.style_names.kept.followed(pubsub))
        workshop = Workshop(
            resources, requests, queue, executor, apiframe, job_events, outbox, reviews, results, attachments
        )
        services = parts.services_of(resources, requests, workshop.erasure, workshop.working)
        if settings.role is not Role.WORKER:
            await resources.cogs.add(services)
        health = QueueHealth(QueueStatsStore(database), queue, settings.generation, resources.metrics)
        routes = [
            *health_routes(
                [
                    *([] if settings.role is Role.WORKER else [resources.bot.why_not_connected]),
                    services.generations.why_not_serving,
                    executor.why_not_working,
                    health.why_not_moving,
                ]
            ),
            *metrics_routes(resources.metrics.registry, health.show),
            *parts.routes_of_webhooks(settings, apiframe_key, job_events),
        ]
        web_address = await stack.enter_async_context(serve_web(settings.http_host, settings.http_port, routes))
        log.info("web_server_started", address=web_address)
        credit_check = CreditCheck(resources.alerts, watch, apiframe, resources.metrics.registry)
        # The first one reports alerts of the others, and remembers which are known.
        in_memory = partial(resources.running_in_memory, pubsub)
        beside: list[Beside] = [credit_check.running, PriceRefresh(resources.prices, apiframe).running, in_memory]
        if settings.role is not Role.WORKER:
            beside += [parts.budget_watch_of(resources).running, parts.summary_watch_of(resources).running]
        yield BotRunner(resources.bot, services, beside, executor, web_address, settings.role)


def open_database(settings: Settings) -> AbstractAsyncContextManager[Database]:
    """Open the database of `DATABASE_URL` with its tables up to date; raise `StartupError` if it does not answer."""
    return parts.open_database(settings, migrate)


def _durable_queue(settings: Settings, measure: Measure, executor: Executor) -> DurableQueue:
    url = durable_url(parse_database_url(settings.database_url))
    return DurableQueue(url, executor.id, settings.generation, measure, executor.may_work, direct_url(settings))


async def _executor(settings: Settings, database: Database) -> Executor:
    locks, store = ExecutorLocks(database), ExecutorStore(database)
    if settings.role is Role.WORKER:
        return await Executor.of_worker(locks, store)
    return Executor.of_shards(settings.shards, locks, store)


def _open_results(settings: Settings) -> AbstractAsyncContextManager[Downloader]:
    return open_downloader(AllowedHosts(settings.apiframe_result_hosts, str(settings.apiframe_base_url)))


class Workshop:
    """The part of a process that makes pictures, and looks after those that are made."""

    def __init__(
        self,
        resources: Resources,
        requests: RequestParts,
        queue: DurableQueue,
        executor: Executor,
        apiframe: Apiframe,
        job_events: JobEvents,
        outbox: OutboxReader,
        reviews: ReviewWork,
        results: Downloader,
        attachments: Downloader,
    ) -> None:
        settings, images, metrics = resources.settings, resources.images, resources.metrics
        store, delivery, image_worker = requests.store, resources.cogs.port.delivery, requests.image_worker
        self._has_outbox = resources.database.dialect == "postgresql"  # gateways need it
        self._outbox = outbox
        self._reviews = reviews
        self._enqueuer = requests.enqueuer
        job_watch = JobWatch(apiframe, job_events, WebhookWatch(resources.alerts), settings.generation, queue.pause)
        lost_orders = LostOrders(store, apiframe, queue.pause)
        submitter = JobSubmitter(
            store,
            apiframe,
            job_watch,
            requests.references,
            lost_orders,
            delivery,
            _webhook_url(settings),
            queue.pause,
        )
        fetch_retries = RetryPolicy(settings.generation.fetch_timeout_seconds, sleep=queue.pause)
        publisher = PicturePublisher(store, images, results, image_worker, delivery, fetch_retries, queue.pause)
        self._workflow = PictureWorkflow(
            queue, submitter, publisher, store, requests.ledger, requests.review_requests, metrics
        )
        self.erasure = parts.erasure_of(resources, requests)
        self._maintenance = Maintenance(
            store,
            ImageSweep(images, StyleStore(resources.database), store, timedelta(days=settings.retention_days)),
            queue,
            requests.enqueuer,
            self.erasure,
            LateCharges(store, apiframe, lost_orders, executor.id, metrics),
            ImageBackfill(store, images, results, attachments, image_worker, delivery, executor.id),
            _takeover(resources, requests, queue, executor),
            _shown(resources, requests, QueuePositions(store, delivery, apiframe, executor.id)),
        )

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Resume unfinished pictures, and make new ones until the end of the block."""
        outbox = self._outbox.running() if self._has_outbox else nullcontext()
        serving, reviews = self._enqueuer.serving(self._workflow.run), self._reviews.running()
        async with serving, self._maintenance.running(), outbox, reviews:
            yield


def _review_work(resources: Resources, requests: RequestParts, queue: DurableQueue) -> ReviewWork:
    database, port = resources.database, resources.cogs.port
    store, rulebook = ReviewStore(database), partial(read_rulebook, RulesStore(database))
    cards = ReviewCards(store, requests.store, requests.library, port.review_poster, port.review_listener, rulebook)
    return ReviewWork(store, requests.store, queue, cards, port.review_listener, rulebook)


def _takeover(resources: Resources, requests: RequestParts, queue: DurableQueue, executor: Executor) -> Takeover:
    database = resources.database
    watch = ProcessWatch(
        executor, ExecutorLocks(database), ExecutorStore(database), resources.alerts, resources.metrics
    )
    return Takeover(watch, queue, requests.enqueuer)


def _shown(resources: Resources, requests: RequestParts, positions: QueuePositions) -> tuple[Chore, ...]:
    """Return what keeps messages up to date."""
    showcase = parts.showcase_of(resources, requests)
    return (
        Chore("board", resources.settings.generation.progress_seconds, positions.show),
        Chore("showcase", SHOWCASE_SECONDS, showcase.go_on),
    )


def _webhook_url(settings: Settings) -> str | None:
    return None if settings.public_url is None else webhook_address(str(settings.public_url))
