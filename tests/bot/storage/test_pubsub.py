"""Several processes: a notification to one of them reaches the process that it's for."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.storage.engine import Database, parse_database_url
from bot.storage.pubsub import LISTENING, PubSub, Subscriber
from tests.pooler import needs_pgbouncer
from tests.promises import ApiframeFault, ProcessFault

CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()
"""


def into(heard: "asyncio.Queue[str]") -> Subscriber:
    """Return a subscriber that keeps the messages of all processes."""
    return lambda word: None if word == LISTENING else heard.put_nowait(word)


async def rung_until_heard(ringing: PubSub, heard: "asyncio.Queue[str]", word: str) -> None:
    """Send a notification repeatedly until it arrives, since the other side's start of listening is unknown."""
    async with asyncio.timeout(10):
        while heard.empty():
            await ringing.publish(word)
            await asyncio.sleep(0.02)
    assert heard.get_nowait() == word


async def test_a_word_is_heard_where_it_is_rung(database: Database) -> None:
    """The process that a webhook reaches may be the one that waits, on either database."""
    pubsub, heard = PubSub(database), asyncio.Queue[str]()
    async with pubsub.heard_by(into(heard)):
        await rung_until_heard(pubsub, heard, "a word")


async def test_nobody_has_to_listen(database: Database) -> None:
    """Notifying without any listener isn't an error."""
    await PubSub(database).publish("a word")


@pytest.mark.promise(ApiframeFault.WEBHOOK_OTHER_PROCESS)
async def test_a_word_is_heard_in_another_process_and_again_after_an_interruption(postgres_url: str) -> None:
    """On PostgreSQL, a word crosses from one process's connections to another's; a line that is cut is opened again."""
    here, there = (Database(parse_database_url(postgres_url)) for _ in range(2))
    pubsub, heard = PubSub(here), asyncio.Queue[str]()
    async with PubSub(there).heard_by(into(heard)):
        await rung_until_heard(pubsub, heard, "a word")
        async with await here.connect_apart() as connection:
            cut = await connection.execute(CUT)
            assert await cut.fetchall() == [(True,)]
        while not heard.empty():
            heard.get_nowait()
        await rung_until_heard(pubsub, heard, "another word")
    await here.close()
    await there.close()


@pytest.mark.promise(ProcessFault.PUBSUB_DOWN)
async def test_a_bell_is_heard_again_after_an_outage_of_the_database(postgres_url: str, tmp_path: Path) -> None:
    """The database may be out of reach while the listener tests its connection: it connects again afterwards."""
    direct, socket = parse_database_url(postgres_url), tmp_path / "socket"
    database = Database(direct.update_query_dict({"host": str(socket)}), direct)
    pubsub = PubSub(database)
    with capture_logs() as lines:
        async with pubsub.heard_by(lambda _: None), asyncio.timeout(20):
            while not any(line["event"] == "pubsub_connection_lost" for line in lines):  # noqa: ASYNC110  (it tells nobody)
                await asyncio.sleep(0.02)
            socket.symlink_to(str(direct.query["host"]))
            while not pubsub.is_heard:  # noqa: ASYNC110  (it tells nobody)
                await asyncio.sleep(0.02)
    await database.close()


async def test_an_address_may_say_how_its_connections_are_kept_alive(postgres_url: str) -> None:
    """Keepalive options in `DATABASE_URL` apply to the pubsub connection too."""
    url = parse_database_url(postgres_url).update_query_dict({"keepalives_idle": "30"})
    database, heard = Database(url), asyncio.Queue[str]()
    pubsub = PubSub(database)
    async with pubsub.heard_by(into(heard)):
        await rung_until_heard(pubsub, heard, "a word")
    await database.close()


@pytest.mark.promise(ProcessFault.PGBOUNCER)
@needs_pgbouncer
async def test_behind_a_pooler_a_bell_knows_that_it_is_deaf(pooled_url: str, postgres_url: str) -> None:
    """Its own process still gets its notifications; with the direct address, every process does."""
    pooled, direct = parse_database_url(pooled_url), parse_database_url(postgres_url)
    databases = [Database(pooled), Database(pooled, direct)]
    deaf, hearing = (PubSub(each) for each in databases)
    heard, heard_directly = asyncio.Queue[str](), asyncio.Queue[str]()
    with capture_logs() as lines:
        async with deaf.heard_by(into(heard)), hearing.heard_by(into(heard_directly)):
            await rung_until_heard(deaf, heard, "a word")
            await rung_until_heard(deaf, heard_directly, "a word")
            async with asyncio.timeout(30):
                while not any(line["event"] == "pubsub_not_listening" for line in lines):  # noqa: ASYNC110  (it tells nobody)
                    await asyncio.sleep(0.1)
            assert (deaf.is_heard, hearing.is_heard) == (False, True)
    for each in databases:
        await each.close()
