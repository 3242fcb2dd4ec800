"""The moderator whose server has a budget, also while Apiframe does not say what a picture cost."""

from datetime import timedelta
from pathlib import Path

from aiohttp import web
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from bot.alerts.alerts import Alerts
from bot.alerts.webhook_watch import WebhookWatch
from bot.apiframe.client import open_apiframe
from bot.apiframe.download import open_downloader
from bot.apiframe.hosts import AllowedHosts
from bot.generation.durable_queue import DurableQueue
from bot.generation.job_events import JobEvents
from bot.generation.job_watch import JobWatch
from bot.generation.lost_orders import LostOrders
from bot.generation.submission import CompletedJob, JobSubmitter
from bot.images.decoding import ImageWorker
from bot.images.references import References
from bot.picture.generation import State
from bot.settings import GenerationSettings
from bot.storage.alerts import AlertStore
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.generations import GenerationStore
from bot.storage.images import open_image_store
from bot.storage.ledger import Counted, LedgerStore, UsageScope
from bot.storage.pubsub import PubSub
from tests.bot.alerts.silent_sender import SilentSender
from tests.bot.apiframe.far_end import far_end_that
from tests.bot.generation.idle_delivery import IdleDelivery
from tests.bot.limits.counting import Watch, ledger_of
from tests.bot.storage.examples import EXECUTOR, NOON, bare, written

ADDRESS = "https://cdn.apiframe.ai/1.png"


async def unpriced(_: web.Request) -> web.Response:
    return web.json_response({"id": "j", "status": "COMPLETED", "result": {"images": [ADDRESS]}, "creditCost": None})


async def test_a_picture_without_a_price_counts_at_what_was_reserved_for_it(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """It is not taken for a gift: Apiframe's document allows a finished job to have no price yet."""
    store, books, url = GenerationStore(database), LedgerStore(database), parse_database_url(database_url)
    settings = GenerationSettings()
    drawn = await written(books, bare(State.SUBMITTED))
    async with (
        far_end_that(unpriced) as end,
        open_apiframe(end.base_url, SecretStr("afk")) as apiframe,
        open_downloader(AllowedHosts([], "https://cdn.example")) as downloader,
    ):
        webhooks = WebhookWatch(Alerts(AlertStore(database), CollectorRegistry(), SilentSender()))
        job_events = JobEvents(store, PubSub(database))
        pause = DurableQueue(durable_url(url), EXECUTOR, settings).pause
        watch = JobWatch(apiframe, job_events, webhooks, settings, pause)
        references = References(downloader, open_image_store("", tmp_path), ImageWorker(), apiframe)
        lost_orders = LostOrders(store, apiframe, pause)
        submitter = JobSubmitter(store, apiframe, watch, references, lost_orders, IdleDelivery(), None, pause)
        completed = await submitter.wait(drawn.model_copy(update={"job_id": "j"}))
    assert completed == CompletedJob(ADDRESS, None)
    await ledger_of(database, Watch()).settle(drawn.id, completed.credits)
    ago = NOON - timedelta(minutes=1)
    counted = [Counted(ago), Counted(ago, in_credits=True)]
    whose = UsageScope(drawn.origin.server_key)
    assert await books.look(lambda transaction: transaction.used(whose, counted)) == (1, 10)
