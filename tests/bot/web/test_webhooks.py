"""The operator's public webhook endpoint: a stranger gets a short response, and nothing else happens."""

import asyncio
import gzip
import json
import sqlite3
from collections.abc import AsyncIterator

import psycopg
import pytest
from pydantic import SecretStr

from bot.apiframe.signature import WebhookSignature
from bot.generation.job_events import JobEvents
from bot.runner import BotRunner
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.pubsub import PubSub
from bot.web.server import serve_web
from bot.web.webhooks import webhook_address, webhook_routes
from standins.apiframe.jobs import Job
from tests.faults.machine import SLOW
from tests.promises import ApiframeFault
from tests.stage import BY_WEBHOOK, Stage
from tests.webhooks import PATH, knocked, signature, told

MOST_BYTES = 64 * 1024
UNKNOWN = b'{"event": "completed", "jobId": "6e39a8a6-0000-0000-0000-000000000000"}'


@pytest.fixture
async def bot(stage: Stage) -> AsyncIterator[BotRunner]:
    """A bot that Apiframe can reach, and that hardly asks by itself."""
    async with stage.running(**stage.reachable(), generation=BY_WEBHOOK) as running:
        yield running


@pytest.mark.parametrize(
    ("public_url", "address"),
    [
        ("https://bot.example.org", "https://bot.example.org/webhooks/apiframe"),
        ("https://bot.example.org/", "https://bot.example.org/webhooks/apiframe"),
        ("https://example.org:8443/bot/", "https://example.org:8443/bot/webhooks/apiframe"),
    ],
)
def test_the_address_follows_from_the_public_one(public_url: str, address: str) -> None:
    """An operator may put the bot at the root of a host or under a path, with or without a slash."""
    assert webhook_address(public_url) == address


def signed(stage: Stage, body: bytes) -> dict[str, str]:
    return {"X-Webhook-Signature": signature(stage, body)}


async def is_being_drawn(stage: Stage) -> Job:
    stage.apiframe.pace = SLOW
    await stage.imagine()
    await stage.shows("Drawing")
    [job] = stage.jobs()
    return job


@pytest.mark.promise(ApiframeFault.WEBHOOK_INVALID)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Webhook-Signature": ""},
        {"X-Webhook-Signature": "sha256="},
        {"X-Webhook-Signature": "sha256=" + 64 * "0"},
        {"X-Webhook-Signature": "ключ"},
    ],
    ids=["none", "empty", "bare prefix", "wrong", "not even hex"],
)
async def test_who_does_not_know_the_key_is_turned_away(stage: Stage, bot: BotRunner, headers: dict[str, str]) -> None:
    """Without a valid signature the response is 401 for any body, and no job is read."""
    for body in (UNKNOWN, b"no JSON", b""):
        async with knocked(stage, bot, body, headers) as answer:
            assert answer.status == 401


@pytest.mark.promise(ApiframeFault.WEBHOOK_INVALID)
async def test_a_signature_for_another_body_is_refused(stage: Stage, bot: BotRunner) -> None:
    """An overheard signature can't be used for another body."""
    async with knocked(stage, bot, UNKNOWN + b" ", signed(stage, UNKNOWN)) as answer:
        assert answer.status == 401


async def pieces(body: bytes) -> AsyncIterator[bytes]:
    """Yield a body bit by bit, which is sent without saying how long it is."""
    for start in range(0, len(body), 8192):
        yield body[start : start + 8192]


@pytest.mark.promise(ApiframeFault.WEBHOOK_INVALID)
@pytest.mark.parametrize("in_pieces", [False, True], ids=["with its length", "chunked"])
@pytest.mark.parametrize(("size", "status"), [(MOST_BYTES, 204), (MOST_BYTES + 1, 413), (20 * MOST_BYTES, 413)])
async def test_a_long_body_is_not_read_to_its_end(
    stage: Stage, bot: BotRunner, size: int, status: int, in_pieces: bool
) -> None:
    """64 kB are taken and a byte more is not, signed or not, and whether or not the length was said before."""
    body = UNKNOWN.ljust(size)
    async with knocked(stage, bot, pieces(body) if in_pieces else body, signed(stage, body)) as answer:
        assert answer.status == status


@pytest.mark.promise(ApiframeFault.WEBHOOK_INVALID)
@pytest.mark.parametrize(
    "body", [b"", b"no JSON", b"[]", b"null", b'{"event": "completed"}', b'{"jobId": "1"}', b"\xff"]
)
async def test_what_is_no_webhook_is_a_bad_request(stage: Stage, bot: BotRunner, body: bytes) -> None:
    """Signed, and yet not JSON or not about a job: 400."""
    async with knocked(stage, bot, body, signed(stage, body)) as answer:
        assert answer.status == 400


@pytest.mark.promise(ApiframeFault.WEBHOOK_INVALID)
async def test_a_signature_is_for_the_bytes_that_were_sent(stage: Stage, bot: BotRunner) -> None:
    """A packed body is not unpacked, so a small one cannot become a large one in memory."""
    packed = gzip.compress(UNKNOWN)
    headers = {**signed(stage, packed), "Content-Encoding": "gzip"}
    async with knocked(stage, bot, packed, headers) as answer:
        assert answer.status == 400


async def trickle() -> AsyncIterator[bytes]:
    """Yield the beginning of a body, and no more for a long time."""
    yield b"{"
    await asyncio.sleep(60)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_body_that_trickles_is_not_waited_for(stage: Stage, database: Database) -> None:
    """Nobody holds connections open by sending a little and then nothing: 408, without knowing the key."""
    signed_by = WebhookSignature(SecretStr(stage.apiframe.api_key))
    routes = webhook_routes(signed_by, JobEvents(GenerationStore(database), PubSub(database)), timeout_seconds=0.05)
    async with (
        serve_web("127.0.0.1", 0, routes) as address,
        stage.browser.post(address + PATH, data=trickle()) as answer,
    ):
        assert answer.status == 408


@pytest.mark.promise(ApiframeFault.WEBHOOK_UNKNOWN_JOB)
async def test_an_unknown_job_is_nobodys(stage: Stage, bot: BotRunner) -> None:
    """News of a job that nobody waits for are taken, so that they are not told again."""
    async with knocked(stage, bot, UNKNOWN, signed(stage, UNKNOWN)) as answer:
        assert (answer.status, await answer.read()) == (204, b"")


@pytest.mark.parametrize("event", ["progress", "completed", "failed", "a newer event"])
async def test_whoever_waits_is_woken(stage: Stage, bot: BotRunner, event: str) -> None:
    """News of a job that is waited for are taken with 200, whichever they are."""
    job = await is_being_drawn(stage)
    async with told(stage, bot, {"event": event, "jobId": job.id, "more": [1]}) as answer:
        assert (answer.status, await answer.json()) == (200, {"woken": True})


async def test_nothing_but_posting_is_possible(stage: Stage, bot: BotRunner) -> None:
    """The endpoint accepts no other method."""
    async with stage.browser.get(f"{bot.web_address}/webhooks/apiframe") as answer:
        assert answer.status == 405


@pytest.mark.promise(ApiframeFault.WEBHOOK_NO_DATABASE)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_database_that_is_slow_is_one_line(
    stage: Stage, database: Database, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An outage that was foreseen is 503, so that Apiframe sends the webhook again, and no traceback."""
    signed_by = WebhookSignature(SecretStr(stage.apiframe.api_key))
    routes = webhook_routes(signed_by, JobEvents(GenerationStore(database), PubSub(database)), timeout_seconds=0.2)
    async with await psycopg.AsyncConnection.connect(database_url) as stranger:
        await stranger.execute("LOCK TABLE generations")
        async with (
            serve_web("127.0.0.1", 0, routes) as address,
            stage.browser.post(address + PATH, data=UNKNOWN, headers=signed(stage, UNKNOWN)) as answer,
        ):
            assert answer.status == 503
    lines = [each for each in caplog.records if each.levelname in {"WARNING", "ERROR"}]
    assert [(each.exc_info, "storage unavailable" in each.getMessage()) for each in lines] == [(None, True)]


@pytest.mark.promise(ApiframeFault.WEBHOOK_NO_DATABASE)
async def test_while_the_database_does_not_answer_a_webhook_may_come_again(stage: Stage, bot: BotRunner) -> None:
    """503 means that it wasn't accepted, the next one is, and the picture still comes."""
    job = await is_being_drawn(stage)
    news = {"event": "progress", "jobId": job.id}
    with sqlite3.connect(stage.folder / "imagine.db", timeout=10) as database:
        database.execute("ALTER TABLE generations RENAME TO away")
    async with told(stage, bot, news) as answer:
        assert answer.status == 503
        assert json.dumps(news) not in await answer.text()
    with database:
        database.execute("ALTER TABLE away RENAME TO generations")
    database.close()
    stage.clock.wind(SLOW.drawing)
    await stage.show_pictures(1)
