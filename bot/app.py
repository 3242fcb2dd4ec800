"""The composition root: everything is opened here, handed over by constructor, and closed in reverse."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import URL

from bot.apiframe.breaker import Breaker
from bot.apiframe.client import Apiframe, open_apiframe
from bot.apiframe.download import Downloader, open_downloader
from bot.apiframe.hosts import AllowedHosts
from bot.apiframe.patience import Patience
from bot.apiframe.signature import WebhookSignature
from bot.client import ImagineBot, point_discord_at
from bot.errors import StartupError
from bot.figures.exchanges import Exchanges
from bot.figures.figures import Figures
from bot.figures.loop_lag import loop_lag_measured
from bot.generation.album import Album
from bot.generation.backfill import ImageBackfill
from bot.generation.backlog import Backlog
from bot.generation.durable import DurableQueue, Measure
from bot.generation.executor import Executor
from bot.generation.export import Exporter
from bot.generation.forgetting import Forgetting
from bot.generation.inspection import Darkroom
from bot.generation.intake import Intake
from bot.generation.lost_orders import LostOrders
from bot.generation.ordering import Ordering
from bot.generation.posting import Posting
from bot.generation.privacy import Privacy
from bot.generation.reckoning import Reckoning
from bot.generation.references import References
from bot.generation.service import Generations
from bot.generation.takeover import Takeover
from bot.generation.upkeep import Upkeep
from bot.generation.waiting import JobWatch
from bot.generation.waking import Waking
from bot.generation.workflow import PictureWorkflow
from bot.limits.ledger import Ledger, Operator
from bot.limits.moderation import Moderation
from bot.limits.policy import Limit
from bot.notices.apiframe_watch import ApiframeWatch
from bot.notices.lookout import Lookout
from bot.notices.notices import Notices
from bot.notices.store_watch import StoreWatch
from bot.notices.trouble import Trouble
from bot.notices.webhook_watch import WebhookWatch
from bot.settings import LimitSettings, Settings
from bot.storage.backlog import BacklogStore
from bot.storage.bell import Bell
from bot.storage.belongings import BelongingsStore
from bot.storage.database_failures import database_startup
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.erasure import ErasureStore
from bot.storage.executor_lock import ExecutorLocks
from bot.storage.executors import ExecutorStore
from bot.storage.folders import make_folder
from bot.storage.generations import GenerationStore
from bot.storage.images import ImageStore, check_image_store, open_image_store
from bot.storage.ledger import LedgerStore
from bot.storage.migrate import migrate
from bot.storage.reports import ReportStore
from bot.storage.rules import RulesStore
from bot.storage.troubles import TroubleStore
from bot.web.health import health_routes
from bot.web.metrics import metrics_routes
from bot.web.server import serve_web
from bot.web.webhooks import webhook_address, webhook_routes

DIRECT: Final = "DATABASE_DIRECT_URL"


@dataclass(frozen=True, slots=True)
class Ground:
    """What everything that makes pictures stands on."""

    settings: Settings
    database: Database
    images: ImageStore
    executor: Executor
    queue: DurableQueue
    figures: Figures
    notices: Notices


@asynccontextmanager
async def open_bot(settings: Settings, apiframe_key: SecretStr) -> AsyncIterator[ImagineBot]:
    """Open the database, the stores, Apiframe, and the bot that uses them; the caller logs in and connects."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings))
        figures = Figures()
        await stack.enter_async_context(loop_lag_measured(figures.registry))
        exchanges = Exchanges(figures.registry)
        notices = Notices(TroubleStore(database), figures.registry, _possible_troubles(settings))
        images = open_image_store(settings.image_store_url, settings.data_dir, settings.s3, StoreWatch(notices).heard)
        await check_image_store(images)
        executor = Executor(settings.shards, ExecutorLocks(database), ExecutorStore(database))
        await stack.enter_async_context(executor.released_afterwards())
        queue = durable_queue(settings, figures.stage, executor.may_work)
        ground = Ground(settings, database, images, executor, queue, figures, notices)
        apiframe_watch = ApiframeWatch(notices, settings.credits_warning_below, settings.limits.estimated_credits)
        apiframe = await stack.enter_async_context(_apiframe(ground, apiframe_key, exchanges, apiframe_watch))
        waking = Waking(GenerationStore(database), Bell(database))
        await stack.enter_async_context(waking.listening())
        job_watch = JobWatch(apiframe, waking, WebhookWatch(notices), settings.generation, ground.queue.pause)
        results = await stack.enter_async_context(
            open_downloader(AllowedHosts(settings.apiframe_result_hosts, str(settings.apiframe_base_url)))
        )
        attachments = await stack.enter_async_context(
            open_downloader(AllowedHosts(settings.discord_cdn_hosts, str(settings.discord_api_url)))
        )
        generations = _generations(ground, apiframe, job_watch, results, attachments)
        lookout = Lookout(notices, apiframe_watch, apiframe, figures.registry)
        point_discord_at(str(settings.discord_api_url))
        bot = await stack.enter_async_context(
            ImagineBot(settings, generations, lookout, executor, exchanges.of_discord())
        )
        backlog = Backlog(BacklogStore(database), queue, settings.generation, figures)
        checks = [bot.why_not_connected, generations.why_not_serving, executor.why_not_working, backlog.why_not_moving]
        routes = [
            *health_routes(checks),
            *metrics_routes(figures.registry, backlog.show),
            *_webhook_routes(settings, apiframe_key, waking),
        ]
        bot.web_address = await stack.enter_async_context(serve_web(settings.http_host, settings.http_port, routes))
        yield bot


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """Open the database of `DATABASE_URL` with its tables up to date; raise `StartupError` if it does not answer."""
    make_folder(settings.data_dir, "DATA_DIR")
    url = parse_database_url(settings.database_url)
    database = Database(url, _direct_url(settings))
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
    return DurableQueue(url, settings.executor_id, settings.generation, measure, may_work, _direct_url(settings))


def _direct_url(settings: Settings) -> URL | None:
    """Return PostgreSQL's address without its pooler, if there is one; raise `StartupError` for another database's."""
    if not settings.database_direct_url:
        return None
    urls = [parse_database_url(settings.database_url), parse_database_url(settings.database_direct_url, DIRECT)]
    if any(url.get_backend_name() != "postgresql" for url in urls):
        raise StartupError(
            f"{DIRECT} is for PostgreSQL behind a pooler: leave it empty, or use `postgresql://…` twice."
        )
    return urls[1]


def _apiframe(
    ground: Ground, key: SecretStr, exchanges: Exchanges, watch: ApiframeWatch
) -> AbstractAsyncContextManager[Apiframe]:
    generation = ground.settings.generation
    return open_apiframe(
        str(ground.settings.apiframe_base_url),
        key,
        patience=Patience(generation.submit_patience_seconds, sleep=ground.queue.pause),
        orders=Breaker(spacing_seconds=60 / generation.starts_per_minute),
        tracing=[exchanges.of_apiframe()],
        heard=watch.heard,
    )


def _generations(
    ground: Ground, apiframe: Apiframe, job_watch: JobWatch, results: Downloader, attachments: Downloader
) -> Generations:
    settings, database, images, queue = ground.settings, ground.database, ground.images, ground.queue
    store = GenerationStore(database)
    books = LedgerStore(database)
    ledger = Ledger(books, store, _operator(settings.limits))
    moderation = Moderation(RulesStore(database), books, ReportStore(database), store, ledger)
    darkroom = Darkroom()
    references = References(attachments, images, darkroom, apiframe)
    lost_orders = LostOrders(store, apiframe, queue.pause)
    ordering = Ordering(store, apiframe, job_watch, references, lost_orders, _webhook_url(settings))
    fetch_patience = Patience(settings.generation.fetch_patience_seconds, sleep=queue.pause)
    posting = Posting(store, images, results, darkroom, fetch_patience, queue.pause)
    workflow = PictureWorkflow(queue, ordering, posting, store, ledger)
    forgetting = Forgetting(ErasureStore(database), images, queue)
    privacy = Privacy(Exporter(BelongingsStore(database), images), forgetting)
    intake, album = Intake(store, queue), Album(store, images, darkroom)
    reckoning = Reckoning(store, apiframe, lost_orders, settings.executor_id, ground.figures)
    backfill = ImageBackfill(store, images, results, attachments, darkroom, settings.executor_id)
    takeover = Takeover(
        ground.executor, ExecutorLocks(database), ExecutorStore(database), queue, intake, ground.notices, ground.figures
    )
    upkeep = Upkeep(store, images, queue, intake, forgetting, reckoning, backfill, takeover, apiframe, settings)
    return Generations(store, ledger, references, intake, workflow, album, moderation, privacy, upkeep, ground.figures)


def _possible_troubles(settings: Settings) -> Collection[Trouble]:
    """Return what can go wrong at all: where no webhooks are asked for, none can end the trouble that none comes."""
    return [each for each in Trouble if each is not Trouble.WEBHOOKS_SILENT or settings.public_url is not None]


def _webhook_url(settings: Settings) -> str | None:
    return None if settings.public_url is None else webhook_address(str(settings.public_url))


def _webhook_routes(settings: Settings, apiframe_key: SecretStr, waking: Waking) -> list[web.RouteDef]:
    """Return the door for webhooks, which is there only where Apiframe is told of it."""
    return [] if settings.public_url is None else webhook_routes(WebhookSignature(apiframe_key), waking)


def _operator(limits: LimitSettings) -> Operator:
    return Operator(
        member={Limit(name): value for name, value in limits.member.model_dump(exclude_none=True).items()},
        server={Limit(name): value for name, value in limits.server.model_dump(exclude_none=True).items()},
        estimated_credits=limits.estimated_credits,
    )
