"""The composition root: everything is opened here, handed over by constructor, and closed in reverse."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from bot.apiframe.client import Apiframe, open_apiframe
from bot.apiframe.download import Downloader, open_downloader
from bot.apiframe.hosts import AllowedHosts
from bot.apiframe.patience import Patience
from bot.client import ImagineBot, point_discord_at
from bot.errors import StartupError
from bot.generation.album import Album
from bot.generation.durable import DurableQueue
from bot.generation.inspection import Darkroom
from bot.generation.ordering import Ordering
from bot.generation.posting import Posting
from bot.generation.references import References
from bot.generation.service import Generations
from bot.generation.upkeep import Upkeep
from bot.generation.waiting import JobWatch
from bot.generation.workflow import PictureWorkflow
from bot.limits.ledger import Ledger, Operator
from bot.limits.moderation import Moderation
from bot.limits.policy import Limit
from bot.settings import LimitSettings, Settings
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.folders import make_folder
from bot.storage.generations import GenerationStore
from bot.storage.images import ImageStore, open_image_store
from bot.storage.ledger import LedgerStore
from bot.storage.migrate import migrate
from bot.storage.reports import ReportStore
from bot.storage.rules import RulesStore
from bot.web.server import serve_health


@asynccontextmanager
async def open_bot(settings: Settings, apiframe_key: SecretStr) -> AsyncIterator[ImagineBot]:
    """Open the database, the stores, Apiframe, and the bot that uses them; the caller logs in and connects."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings))
        queue = durable_queue(settings)
        patience = Patience(settings.generation.submit_patience_seconds, sleep=queue.pause)
        apiframe = await stack.enter_async_context(
            open_apiframe(str(settings.apiframe_base_url), apiframe_key, patience=patience)
        )
        result_hosts = AllowedHosts(settings.apiframe_result_hosts, str(settings.apiframe_base_url))
        results = await stack.enter_async_context(open_downloader(result_hosts))
        cdn_hosts = AllowedHosts(settings.discord_cdn_hosts, str(settings.discord_api_url))
        attachments = await stack.enter_async_context(open_downloader(cdn_hosts))
        images = open_image_store(settings.image_store_url, settings.data_dir)
        point_discord_at(str(settings.discord_api_url))
        generations = _generations(settings, database, queue, apiframe, images, results, attachments)
        bot = await stack.enter_async_context(ImagineBot(settings, generations))
        bot.health_address = await stack.enter_async_context(
            serve_health(settings.http_host, settings.http_port, bot.why_not_ready)
        )
        yield bot


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """Open the database of `DATABASE_URL` with its tables up to date; raise `StartupError` if it does not answer."""
    make_folder(settings.data_dir, "DATA_DIR")
    database = Database(parse_database_url(settings.database_url))
    try:
        try:
            await migrate(database)
        except (SQLAlchemyError, OSError) as cause:
            raise StartupError(
                f"The database does not answer ({type(cause).__name__}). Check DATABASE_URL and that the server runs."
            ) from cause
        yield database
    finally:
        await database.close()


def durable_queue(settings: Settings) -> DurableQueue:
    """Return the durable queue of these settings, not yet served."""
    url = durable_url(parse_database_url(settings.database_url))
    return DurableQueue(url, settings.executor_id, settings.generation)


def _generations(
    settings: Settings,
    database: Database,
    queue: DurableQueue,
    apiframe: Apiframe,
    images: ImageStore,
    results: Downloader,
    attachments: Downloader,
) -> Generations:
    store = GenerationStore(database)
    books = LedgerStore(database)
    ledger = Ledger(books, store, _operator(settings.limits))
    moderation = Moderation(RulesStore(database), books, ReportStore(database), store, ledger)
    darkroom = Darkroom()
    references = References(attachments, images, darkroom, apiframe)
    job_patience = timedelta(seconds=settings.generation.job_patience_seconds)
    watch = JobWatch(apiframe, settings.generation.poll_seconds, job_patience, queue.pause)
    ordering = Ordering(store, apiframe, watch, references)
    fetch_patience = Patience(settings.generation.fetch_patience_seconds, sleep=queue.pause)
    posting = Posting(store, images, results, darkroom, fetch_patience, queue.pause)
    workflow = PictureWorkflow(queue, ordering, posting, store, ledger)
    album, upkeep = Album(store, images, darkroom), Upkeep(store, images, settings)
    return Generations(store, ledger, references, queue, workflow, album, moderation, upkeep, settings.executor_id)


def _operator(limits: LimitSettings) -> Operator:
    return Operator(
        member={Limit(name): value for name, value in limits.member.model_dump(exclude_none=True).items()},
        server={Limit(name): value for name, value in limits.server.model_dump(exclude_none=True).items()},
        estimated_credits=limits.estimated_credits,
    )
