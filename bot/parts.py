"""The parts that the processes of all roles share; `bot.app` and `bot.gateway_app` compose the rest.

No module here imports DBOS, Pillow or Alembic, which a gateway process doesn't need.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import URL

from bot.alerts.alert import Alert
from bot.alerts.alerts import Alerts
from bot.alerts.apiframe_watch import ApiframeWatch
from bot.alerts.store_watch import StoreWatch
from bot.apiframe.breaker import Breaker
from bot.apiframe.client import Apiframe, open_apiframe
from bot.apiframe.download import Downloader, open_downloader
from bot.apiframe.hosts import AllowedHosts
from bot.apiframe.retry import RetryPolicy
from bot.apiframe.signature import WebhookSignature
from bot.defaults.defaults import Defaults
from bot.defaults.server_locales import ServerLocales
from bot.errors import StartupError
from bot.favourites.favourites import Favourites
from bot.favourites.showcase import Showcase
from bot.gateway.client import ImagineBot, point_discord_at
from bot.generation.cancellations import Cancellations
from bot.generation.enqueueing import Enqueuer
from bot.generation.history_archive import HistoryArchive
from bot.generation.job_events import JobEvents
from bot.generation.library import PictureLibrary
from bot.generation.picture_queue import PictureQueue
from bot.generation.review_requests import ReviewRequests
from bot.generation.service import GenerationService
from bot.i18n import speak
from bot.i18n.languages import Languages
from bot.i18n.speech import Speech
from bot.images.image_worker import ImageWorker
from bot.images.references import References
from bot.limits.ledger import Ledger, Operator
from bot.limits.moderation import Moderation, read_rulebook
from bot.limits.policy import Limit
from bot.limits.prices import PriceList
from bot.maintenance.budget_watch import BudgetWatch
from bot.maintenance.summary_watch import SummaryWatch
from bot.metrics.garbage import garbage_measured
from bot.metrics.http_responses import HttpResponseMetrics
from bot.metrics.loop_lag import loop_lag_measured
from bot.metrics.metrics import Metrics
from bot.privacy.erasure import Erasure
from bot.privacy.export import Exporter
from bot.privacy.picture_removal import PictureRemoval
from bot.reports.chart_worker import ChartRenderer
from bot.reviews.reviews import Reviews
from bot.role import Role
from bot.services import Cogs, Services, load_cogs
from bot.settings import LimitSettings, Settings
from bot.storage.alerts import AlertStore
from bot.storage.batch_cards import BatchCardStore
from bot.storage.budgets import BudgetStore
from bot.storage.database_failures import database_startup
from bot.storage.defaults import DefaultsStore
from bot.storage.engine import Database, parse_database_url
from bot.storage.erasure import ErasureStore
from bot.storage.favourites import FavouriteStore
from bot.storage.generations import GenerationStore
from bot.storage.history import HistoryStore
from bot.storage.images import ImageStore, check_image_store_settings, open_image_store
from bot.storage.ledger import LedgerStore
from bot.storage.personal_data import PersonalDataStore
from bot.storage.picture_removal import PictureRemovalStore
from bot.storage.pubsub import PubSub, Subscriber
from bot.storage.reports import ReportStore
from bot.storage.reposts import RepostStore
from bot.storage.reviews import ReviewStore
from bot.storage.rules import RulesStore
from bot.storage.scratch import make_private_folder
from bot.storage.server_locales import ServerLocaleStore
from bot.storage.showcase import ShowcaseStore
from bot.storage.styles import StyleStore
from bot.storage.weekly_summaries import WeeklySummaryStore
from bot.styles.names import StyleNames
from bot.styles.styles import Styles
from bot.web.webhooks import webhook_routes

DIRECT: Final = "DATABASE_DIRECT_URL"

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Resources:
    """The parts that all services are built on."""

    settings: Settings
    database: Database
    images: ImageStore
    languages: Languages
    metrics: Metrics
    exchanges: HttpResponseMetrics
    alerts: Alerts
    bot: ImagineBot
    cogs: Cogs
    prices: PriceList
    defaults: Defaults
    server_locales: ServerLocales

    @property
    def kept_in_memory(self) -> tuple[Subscriber, ...]:
        """Return the subscribers that read changed rows again."""
        return self.defaults.kept.hear, self.server_locales.kept.hear

    @asynccontextmanager
    async def running_in_memory(self, pubsub: PubSub) -> AsyncIterator[None]:
        """Keep in memory, until the end of the block, what an answer can't wait for."""
        async with self.defaults.running(pubsub), self.server_locales.running(pubsub):
            yield


@asynccontextmanager
async def open_resources(settings: Settings, database: Database) -> AsyncIterator[Resources]:
    """Open the image store, and the bot that is not logged in yet."""
    async with AsyncExitStack() as stack:
        languages = await asyncio.to_thread(Languages.load, settings.locale_dir)
        speak(languages.english)  # for tasks that belong to nobody
        metrics = Metrics()
        await stack.enter_async_context(loop_lag_measured(metrics.registry))
        stack.enter_context(garbage_measured(metrics.registry))
        exchanges = HttpResponseMetrics(metrics.registry)
        point_discord_at(str(settings.discord_api_url))
        defaults, locales = Defaults(DefaultsStore(database)), ServerLocales(ServerLocaleStore(database))
        speech = Speech(languages, defaults.language_of, locales)
        bot = await stack.enter_async_context(ImagineBot(settings, exchanges.of_discord(), speech))
        rulebook = partial(read_rulebook, RulesStore(database))
        prices = PriceList(LedgerStore(database))
        cogs = load_cogs(bot, GenerationStore(database).get, BatchCardStore(database), rulebook, prices)
        alerts = Alerts(AlertStore(database), metrics.registry, cogs.port.alert_sender, _possible_troubles(settings))
        images = open_image_store(settings.image_store_url, settings.data_dir, settings.s3, StoreWatch(alerts).heard)
        await check_image_store_settings(images)
        yield Resources(
            settings, database, images, languages, metrics, exchanges, alerts, bot, cogs, prices, defaults, locales
        )


@asynccontextmanager
async def open_database(settings: Settings, prepare: Callable[[Database], Awaitable[None]]) -> AsyncIterator[Database]:
    """Open the database of `DATABASE_URL`, prepared; raise `StartupError` if it does not answer."""
    make_private_folder(settings.data_dir, "DATA_DIR")
    url = parse_database_url(settings.database_url)
    database = Database(url, direct_url(settings))
    try:
        with database_startup(url):
            await prepare(database)
        if settings.database_direct_url:
            with database_startup(url, DIRECT):
                await (await database.connect_apart()).close()
        yield database
    finally:
        await database.close()


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


def open_apiframe_client(
    resources: Resources, key: SecretStr, watch: ApiframeWatch, sleep: Sleep = asyncio.sleep
) -> AbstractAsyncContextManager[Apiframe]:
    """Open the connection to Apiframe; `sleep` is how it waits between two tries."""
    generation = resources.settings.generation
    return open_apiframe(
        str(resources.settings.apiframe_base_url),
        key,
        retries=RetryPolicy(generation.submit_timeout_seconds, sleep=sleep),
        orders=Breaker(spacing_seconds=60 / generation.starts_per_minute),
        tracing=[resources.exchanges.of_apiframe()],
        heard=watch.heard,
    )


def apiframe_watch_of(resources: Resources) -> ApiframeWatch:
    """Return what reports Apiframe's problems to the operator."""
    settings = resources.settings
    return ApiframeWatch(resources.alerts, settings.credits_warning_below, settings.limits.estimated_credits)


def open_attachments(settings: Settings) -> AbstractAsyncContextManager[Downloader]:
    """Open the downloader of files from Discord."""
    return open_downloader(AllowedHosts(settings.discord_cdn_hosts, str(settings.discord_api_url)))


@dataclass(frozen=True, slots=True)
class RequestParts:
    """The parts of a request that the workflow needs too."""

    store: GenerationStore
    ledger: Ledger
    references: References
    image_worker: ImageWorker
    library: PictureLibrary
    queue: PictureQueue
    enqueuer: Enqueuer
    style_names: StyleNames
    review_requests: ReviewRequests


def request_parts(
    resources: Resources,
    apiframe: Apiframe,
    attachments: Downloader,
    image_worker: ImageWorker,
    queue: PictureQueue,
    pubsub: PubSub,
) -> RequestParts:
    """Build them."""
    database, images = resources.database, resources.images
    store = GenerationStore(database)
    ledger_store, operator = LedgerStore(database), _operator(resources.settings.limits)
    review_requests = ReviewRequests(ReviewStore(database), pubsub)
    return RequestParts(
        store,
        Ledger(ledger_store, store, operator, resources.prices),
        References(attachments, images, image_worker, apiframe),
        image_worker,
        PictureLibrary(store, HistoryStore(database), RepostStore(database), images, image_worker),
        queue,
        Enqueuer(store, queue, resources.cogs.port.delivery, review_requests),
        StyleNames(StyleStore(database)),
        review_requests,
    )


def budget_watch_of(resources: Resources) -> BudgetWatch:
    """Build what tells moderators that a limit of their server is nearly used."""
    operator, listener = _operator(resources.settings.limits), resources.cogs.port.budget_listener
    return BudgetWatch(BudgetStore(resources.database), operator, resources.prices, listener)


def summary_watch_of(resources: Resources) -> SummaryWatch:
    """Build what posts the weekly summaries."""
    database, poster = resources.database, resources.cogs.port.summary_poster
    rulebook = partial(read_rulebook, RulesStore(database))
    return SummaryWatch(WeeklySummaryStore(database), ReportStore(database), rulebook, poster, ChartRenderer().draw)


def erasure_of(resources: Resources, requests: RequestParts) -> Erasure:
    """Build what erases a person's data."""
    deleter, names = resources.cogs.port.message_deleter, requests.style_names
    store, images, defaults = ErasureStore(resources.database), resources.images, resources.defaults
    return Erasure(store, images, requests.queue, deleter, names, defaults)


def showcase_of(resources: Resources, parts: RequestParts) -> Showcase:
    """Build what shows pictures with enough stars."""
    return Showcase(ShowcaseStore(resources.database), parts.library, resources.cogs.port.showcase_poster)


def services_of(
    resources: Resources,
    parts: RequestParts,
    erasure: Erasure,
    working: Callable[[], AbstractAsyncContextManager[None]],
) -> Services:
    """Build what the cogs ask for; `working` is what the process does beside requests."""
    database, images, port, metrics = resources.database, resources.images, resources.cogs.port, resources.metrics
    store, ledger, enqueuer, library = parts.store, parts.ledger, parts.enqueuer, parts.library
    reports, review_store = ReportStore(database), ReviewStore(database)
    reviews = Reviews(review_store, store, parts.review_requests, port.rule_listener)
    moderation = Moderation(
        RulesStore(database),
        LedgerStore(database),
        reports,
        store,
        ledger,
        port.rule_listener,
        resources.defaults.look_at_server,
        reviews.look_at_server,
    )
    styles = Styles(StyleStore(database), parts.style_names, parts.references, RulesStore(database), port.rule_listener)
    generations = GenerationService(
        store, ledger, parts.references, enqueuer, library, moderation, styles, port.delivery, metrics, working
    )
    exporter = Exporter(PersonalDataStore(database), images)
    cancellations = Cancellations(store, ledger, parts.queue, enqueuer, review_store, port.delivery, metrics)
    return Services(
        generations,
        library,
        moderation,
        exporter,
        erasure,
        PictureRemoval(PictureRemovalStore(database), erasure, port.rule_listener),
        cancellations,
        Favourites(FavouriteStore(database)),
        showcase_of(resources, parts),
        HistoryArchive(HistoryStore(database), images),
        styles,
        resources.defaults,
        reviews,
    )


def _possible_troubles(settings: Settings) -> Collection[Alert]:
    """Return the alerts that can occur: nothing could ever resolve one about missing webhooks where there are none."""
    impossible = set()
    if settings.public_url is None:
        impossible.add(Alert.WEBHOOKS_SILENT)
    if settings.role is Role.ALL:
        impossible.add(Alert.NO_WORKERS)
    return [each for each in Alert if each not in impossible]


def routes_of_webhooks(settings: Settings, apiframe_key: SecretStr, job_events: JobEvents) -> list[web.RouteDef]:
    """Return the endpoint for webhooks, or nothing if Apiframe has no address for them."""
    return [] if settings.public_url is None else webhook_routes(WebhookSignature(apiframe_key), job_events)


def _operator(limits: LimitSettings) -> Operator:
    return Operator(
        member={Limit(name): value for name, value in limits.member.model_dump(exclude_none=True).items()},
        server={Limit(name): value for name, value in limits.server.model_dump(exclude_none=True).items()},
        estimated_credits=limits.estimated_credits,
    )
