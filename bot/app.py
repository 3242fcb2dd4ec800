"""The composition root: everything is opened here, handed over by constructor, and closed in reverse."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import URL

from bot.alerts.alert import Alert
from bot.alerts.alerts import Alerts
from bot.alerts.apiframe_watch import ApiframeWatch
from bot.alerts.credit_check import CreditCheck
from bot.alerts.store_watch import StoreWatch
from bot.alerts.webhook_watch import WebhookWatch
from bot.apiframe.breaker import Breaker
from bot.apiframe.client import Apiframe, open_apiframe
from bot.apiframe.download import Downloader, open_downloader
from bot.apiframe.hosts import AllowedHosts
from bot.apiframe.retry import RetryPolicy
from bot.apiframe.signature import WebhookSignature
from bot.errors import StartupError
from bot.gateway.client import ImagineBot, point_discord_at
from bot.generation.cancellations import Cancellations
from bot.generation.discord_port import DiscordPort
from bot.generation.durable_queue import DurableQueue, Measure
from bot.generation.enqueueing import Enqueuer
from bot.generation.executor import Executor
from bot.generation.job_events import JobEvents
from bot.generation.job_watch import JobWatch
from bot.generation.library import PictureLibrary
from bot.generation.lost_orders import LostOrders
from bot.generation.posting import PicturePublisher
from bot.generation.service import GenerationService
from bot.generation.submission import JobSubmitter
from bot.generation.workflow import PictureWorkflow
from bot.images.decoding import ImageWorker
from bot.images.references import References
from bot.limits.ledger import Ledger, Operator
from bot.limits.moderation import Moderation, read_rulebook
from bot.limits.policy import Limit
from bot.limits.prices import PriceList
from bot.maintenance.image_backfill import ImageBackfill
from bot.maintenance.late_charges import LateCharges
from bot.maintenance.price_refresh import PriceRefresh
from bot.maintenance.queue_health import QueueHealth
from bot.maintenance.queue_positions import QueuePositions
from bot.maintenance.schedule import Maintenance
from bot.maintenance.takeover import Takeover
from bot.metrics.garbage import garbage_measured
from bot.metrics.http_responses import HttpResponseMetrics
from bot.metrics.loop_lag import loop_lag_measured
from bot.metrics.metrics import Metrics
from bot.privacy.erasure import Erasure
from bot.privacy.export import Exporter
from bot.runner import BotRunner
from bot.services import Services, load_cogs
from bot.settings import LimitSettings, Settings
from bot.storage.alerts import AlertStore
from bot.storage.database_failures import database_startup
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.erasure import ErasureStore
from bot.storage.executor_lock import ExecutorLocks
from bot.storage.executors import ExecutorStore
from bot.storage.generations import GenerationStore
from bot.storage.images import ImageStore, check_image_store_settings, open_image_store
from bot.storage.ledger import LedgerStore
from bot.storage.migrate import migrate
from bot.storage.personal_data import PersonalDataStore
from bot.storage.pubsub import PubSub
from bot.storage.queue_stats import QueueStatsStore
from bot.storage.reports import ReportStore
from bot.storage.reposts import RepostStore
from bot.storage.rules import RulesStore
from bot.storage.scratch import make_private_folder
from bot.web.health import health_routes
from bot.web.metrics import metrics_routes
from bot.web.server import serve_web
from bot.web.webhooks import webhook_address, webhook_routes

log = structlog.get_logger(__name__)

DIRECT: Final = "DATABASE_DIRECT_URL"


@dataclass(frozen=True, slots=True)
class Resources:
    """The parts that all services are built on."""

    settings: Settings
    database: Database
    images: ImageStore
    executor: Executor
    queue: DurableQueue
    metrics: Metrics
    alerts: Alerts
    discord: DiscordPort
    prices: PriceList


@asynccontextmanager
async def open_bot(settings: Settings, apiframe_key: SecretStr) -> AsyncIterator[BotRunner]:
    """Open the database, the stores, Apiframe, and the bot that uses them; the caller has it serve."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings))
        metrics = Metrics()
        await stack.enter_async_context(loop_lag_measured(metrics.registry))
        stack.enter_context(garbage_measured(metrics.registry))
        exchanges = HttpResponseMetrics(metrics.registry)
        point_discord_at(str(settings.discord_api_url))
        bot = await stack.enter_async_context(ImagineBot(settings, exchanges.of_discord()))
        rulebook = partial(read_rulebook, RulesStore(database))
        prices = PriceList(LedgerStore(database))
        cogs = load_cogs(bot, GenerationStore(database).get, rulebook, prices)
        alerts = Alerts(AlertStore(database), metrics.registry, cogs.port.alert_sender, _possible_troubles(settings))
        images = open_image_store(settings.image_store_url, settings.data_dir, settings.s3, StoreWatch(alerts).heard)
        await check_image_store_settings(images)
        executor = Executor(settings.shards, ExecutorLocks(database), ExecutorStore(database))
        await stack.enter_async_context(executor.released_afterwards())
        queue = durable_queue(settings, metrics.stage, executor.may_work)
        resources = Resources(settings, database, images, executor, queue, metrics, alerts, cogs.port, prices)
        apiframe_watch = ApiframeWatch(alerts, settings.credits_warning_below, settings.limits.estimated_credits)
        apiframe = await stack.enter_async_context(_apiframe(resources, apiframe_key, exchanges, apiframe_watch))
        job_events = JobEvents(GenerationStore(database), PubSub(database))
        await stack.enter_async_context(job_events.listening())
        job_watch = JobWatch(apiframe, job_events, WebhookWatch(alerts), settings.generation, resources.queue.pause)
        results = await stack.enter_async_context(
            open_downloader(AllowedHosts(settings.apiframe_result_hosts, str(settings.apiframe_base_url)))
        )
        attachments = await stack.enter_async_context(
            open_downloader(AllowedHosts(settings.discord_cdn_hosts, str(settings.discord_api_url)))
        )
        services = _services(resources, apiframe, job_watch, results, attachments)
        await cogs.add(services)
        credit_check = CreditCheck(alerts, apiframe_watch, apiframe, metrics.registry)
        backlog = QueueHealth(QueueStatsStore(database), queue, settings.generation, metrics)
        checks = [
            bot.why_not_connected,
            services.generations.why_not_serving,
            executor.why_not_working,
            backlog.why_not_moving,
        ]
        routes = [
            *health_routes(checks),
            *metrics_routes(metrics.registry, backlog.show),
            *_webhook_routes(settings, apiframe_key, job_events),
        ]
        web_address = await stack.enter_async_context(serve_web(settings.http_host, settings.http_port, routes))
        log.info("web_server_started", address=web_address)
        yield BotRunner(bot, services, credit_check, PriceRefresh(prices, apiframe), executor, web_address)


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """Open the database of `DATABASE_URL` with its tables up to date; raise `StartupError` if it does not answer."""
    make_private_folder(settings.data_dir, "DATA_DIR")
    url = parse_database_url(settings.database_url)
    database = Database(url, direct_url(settings))
    try:
        with database_startup(url):
            await migrate(database)
        if settings.database_direct_url:
            with database_startup(url, DIRECT):
                await (await database.connect_apart()).close()
        yield database
    finally:
        await database.close()


def durable_queue(
    settings: Settings, measure: Measure = nullcontext, may_work: asyncio.Event | None = None
) -> DurableQueue:
    """Return the durable queue of these settings, not yet served."""
    url = durable_url(parse_database_url(settings.database_url))
    return DurableQueue(url, settings.executor_id, settings.generation, measure, may_work, direct_url(settings))


def direct_url(settings: Settings) -> URL | None:
    """Return PostgreSQL's address without its pooler, if there is one; raise `StartupError` for another database's."""
    if not settings.database_direct_url:
        return None
    urls = [parse_database_url(settings.database_url), parse_database_url(settings.database_direct_url, DIRECT)]
    if any(url.get_backend_name() != "postgresql" for url in urls):
        raise StartupError(
            f"{DIRECT} is only for PostgreSQL behind a pooler.",
            "Leave it empty, or use `postgresql://…` in both settings.",
        )
    return urls[1]


def _apiframe(
    resources: Resources, key: SecretStr, exchanges: HttpResponseMetrics, watch: ApiframeWatch
) -> AbstractAsyncContextManager[Apiframe]:
    generation = resources.settings.generation
    return open_apiframe(
        str(resources.settings.apiframe_base_url),
        key,
        retries=RetryPolicy(generation.submit_timeout_seconds, sleep=resources.queue.pause),
        orders=Breaker(spacing_seconds=60 / generation.starts_per_minute),
        tracing=[exchanges.of_apiframe()],
        heard=watch.heard,
    )


def _services(
    resources: Resources, apiframe: Apiframe, job_watch: JobWatch, results: Downloader, attachments: Downloader
) -> Services:
    settings, database, images, queue = resources.settings, resources.database, resources.images, resources.queue
    discord = resources.discord
    store = GenerationStore(database)
    ledger_store = LedgerStore(database)
    ledger = Ledger(ledger_store, store, _operator(settings.limits), resources.prices)
    reports = ReportStore(database)
    moderation = Moderation(RulesStore(database), ledger_store, reports, store, ledger, discord.rule_listener)
    image_worker = ImageWorker()
    references = References(attachments, images, image_worker, apiframe)
    lost_orders = LostOrders(store, apiframe, queue.pause)
    submitter = JobSubmitter(
        store, apiframe, job_watch, references, lost_orders, discord.delivery, _webhook_url(settings), queue.pause
    )
    fetch_retries = RetryPolicy(settings.generation.fetch_timeout_seconds, sleep=queue.pause)
    publisher = PicturePublisher(store, images, results, image_worker, discord.delivery, fetch_retries, queue.pause)
    workflow = PictureWorkflow(queue, submitter, publisher, store, ledger, resources.metrics)
    erasure = Erasure(ErasureStore(database), images, queue, discord.message_deleter)
    enqueuer = Enqueuer(store, queue, discord.delivery)
    library = PictureLibrary(store, RepostStore(database), images, image_worker)
    late_charges = LateCharges(store, apiframe, lost_orders, settings.executor_id, resources.metrics)
    backfill = ImageBackfill(store, images, results, attachments, image_worker, discord.delivery, settings.executor_id)
    takeover = Takeover(
        resources.executor,
        ExecutorLocks(database),
        ExecutorStore(database),
        queue,
        enqueuer,
        resources.alerts,
        resources.metrics,
    )
    positions = QueuePositions(store, discord.delivery, apiframe, settings.executor_id)
    maintenance = Maintenance(
        store, images, queue, enqueuer, erasure, late_charges, backfill, takeover, positions, settings
    )
    generations = GenerationService(
        store,
        ledger,
        references,
        enqueuer,
        workflow,
        library,
        moderation,
        maintenance,
        discord.delivery,
        resources.metrics,
    )
    exporter = Exporter(PersonalDataStore(database), images)
    cancellations = Cancellations(store, ledger, queue, enqueuer, discord.delivery, resources.metrics)
    return Services(generations, library, moderation, exporter, erasure, cancellations)


def _possible_troubles(settings: Settings) -> Collection[Alert]:
    """Return the alerts that can occur: without webhooks, nothing could ever resolve the alert about missing ones."""
    return [each for each in Alert if each is not Alert.WEBHOOKS_SILENT or settings.public_url is not None]


def _webhook_url(settings: Settings) -> str | None:
    return None if settings.public_url is None else webhook_address(str(settings.public_url))


def _webhook_routes(settings: Settings, apiframe_key: SecretStr, job_events: JobEvents) -> list[web.RouteDef]:
    """Return the endpoint for webhooks, or nothing if Apiframe has no address for them."""
    return [] if settings.public_url is None else webhook_routes(WebhookSignature(apiframe_key), job_events)


def _operator(limits: LimitSettings) -> Operator:
    return Operator(
        member={Limit(name): value for name, value in limits.member.model_dump(exclude_none=True).items()},
        server={Limit(name): value for name, value in limits.server.model_dump(exclude_none=True).items()},
        estimated_credits=limits.estimated_credits,
    )
