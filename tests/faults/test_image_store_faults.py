"""The operator's bucket fails: no picture is lost, and nothing is paid for without a result."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.faults.machine import SLOW, Machine
from tests.images import photo
from tests.journeys.answers import pressed, private_answer
from tests.journeys.moderators import say
from tests.journeys.test_privacy import asks, draws, is_forgotten, rows, unpacked
from tests.journeys.test_reviewing import cards_in, in_review, reviewed, waits
from tests.promises import StorageFault
from tests.s3 import S3Server, running_s3
from tests.stage import TIMEOUT_SECONDS, Stage, has_picture, text_of

OUTAGE_SECONDS = 60.0
OUTAGE = "I can't save anything right now. Nothing was charged. Please try again in a few minutes."
NOBODY = "http://127.0.0.1:1"
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def s3(stage: Stage) -> Iterator[S3Server]:
    """A bucket in which everything on the stage is kept."""
    with running_s3() as server:
        stage.settings = {**stage.settings, **server.settings()}
        yield server


def key_of(stage: Stage, picture: Message) -> str:
    keys = dict(rows(stage, "SELECT message_id, image_key FROM generations"))
    return str(keys[picture.id])


async def until(true: Callable[[], object], within: float) -> None:
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110  (the bucket tells nobody)
            await asyncio.sleep(0.2)


async def test_a_bucket_serves_references_rerolls_exports_and_deletions(stage: Stage, s3: S3Server) -> None:
    """Everything that the bot does with kept images works in a bucket, also when Discord's links are dead."""
    image = photo("mine.png", "blue")
    async with stage.running():
        picture = await draws(stage, stage.alice, "a blue boat", image1=image)
        stage.let_links_die()
        again = await stage.picture(await stage.alice.presses(picture, "Reroll"))
        await stage.settled()
        assert [each.content for each in stage.jobs()[1].references] == [image.content]
        files = unpacked(await asks(stage, stage.alice, "/privacy export"))
        [first, second] = json.loads(files["pictures-1.json"])
        keys = {first["references"][0]["key"], first["image_key"], second["image_key"]}
        assert s3.names() == keys
        assert files[f"images/{key_of(stage, again)}"] == again.attachments[0].read()
        await is_forgotten(stage, stage.alice)
        assert s3.names() == set()


@pytest.mark.promise(StorageFault.STORE_DOWN)
@pytest.mark.slow
async def test_a_picture_in_review_waits_for_the_bucket(stage: Stage, s3: S3Server) -> None:
    """It's kept once the bucket is back, and only then shown to moderators; nothing is posted unseen."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        with s3.away():
            card = await waits(stage, await stage.imagine("a red boat"))
            await until(lambda: rows(stage, "SELECT tried FROM reviews") == [(1,)], 20)
            assert cards_in(channel, moderator) == []
        await until(lambda: cards_in(channel, moderator), OUTAGE_SECONDS)
        [shown] = await in_review(stage, channel, moderator)
        await moderator.presses(shown, "Approve")
        await until(lambda: has_picture(card), 20)
        await stage.settled()
        assert len(s3.names()) == 1


async def test_a_picture_that_is_lost_before_its_review_fails(stage: Stage, s3: S3Server) -> None:
    """Its member reads so, and moderators get no card to approve unseen."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        channel.overwrite(stage.guild.bot_role, deny=Permission.VIEW_CHANNEL)
        card = await waits(stage, await stage.imagine("a red boat"))
        s3.clear()
        channel.overwrite(stage.guild.bot_role, allow=Permission.VIEW_CHANNEL)
        await say(stage, moderator, "/review on", hours=2)
        await stage.discord.world.until(lambda: "The picture has expired" in text_of(card))
        await stage.settled()
        assert cards_in(channel, moderator) == []


async def test_old_images_are_swept_from_a_bucket(stage: Stage, s3: S3Server) -> None:
    """At a start, images older than RETENTION_DAYS are deleted; the rest stays."""
    async with stage.running():
        old = await draws(stage, stage.alice)
        s3.age(days=31)
        new = await draws(stage, stage.alice)
    async with stage.running():
        await until(lambda: s3.names() == {key_of(stage, new)}, 20)
    assert key_of(stage, old) != key_of(stage, new)


@pytest.mark.promise(StorageFault.STORE_DOWN)
@pytest.mark.slow
async def test_an_outage_of_a_minute_costs_no_picture(stage: Stage, s3: S3Server) -> None:
    """The picture is posted at once; history says that it is not saved yet, and it is once the store is back."""
    async with stage.running():
        kept = await draws(stage, stage.alice, "kept before", image1=photo())
        with s3.away():
            began = asyncio.get_running_loop().time()
            picture = await stage.picture(await stage.imagine("a red boat"))
            assert asyncio.get_running_loop().time() - began < 20
            await stage.settled()
            page = (await private_answer(stage, await stage.alice.types("/history", stage.channel))).text
            assert "image not saved yet" in page
            assert "can't be shown right now" in page
            await stage.picture(await stage.alice.presses(kept, "Reroll"))  # Discord still has its image
            await stage.settled()
            await asyncio.sleep(OUTAGE_SECONDS - (asyncio.get_running_loop().time() - began))
        await until(
            lambda: rows(stage, "SELECT count(*) FROM generations WHERE unsaved_since IS NOT NULL") == [(0,)], 30
        )
        assert key_of(stage, picture) in s3.names()
        page = (await private_answer(stage, await stage.alice.types("/history", stage.channel))).text
        assert "not shown" not in page
    assert len(stage.jobs()) == 3


@pytest.mark.promise(StorageFault.STORE_DOWN_ATTACHMENT)
async def test_requests_with_images_are_refused_before_they_are_paid_for(stage: Stage, s3: S3Server) -> None:
    """While the store is away, nothing is ordered for images that could not be kept, and no place stays reserved."""
    async with stage.running():
        with s3.away():
            refusal = await private_answer(stage, await stage.imagine("a boat", image1=photo()))
            assert text_of(refusal) == OUTAGE
            again = await private_answer(stage, await stage.imagine("a boat", image1=photo()))
            assert text_of(again) == OUTAGE
        assert rows(stage, "SELECT count(*) FROM generations WHERE finished_at IS NULL") == [(0,)]
        assert rows(stage, "SELECT sum(credits) FROM generations") == [(0,)]
        assert stage.jobs() == []


@pytest.mark.promise(StorageFault.STORE_DOWN_READ)
async def test_what_needs_missing_bytes_says_what_is_missing(stage: Stage, s3: S3Server) -> None:
    """A reroll whose images only the store has, an export, publishing a private picture: each in one sentence."""
    async with stage.running():
        picture = await draws(stage, stage.alice, "a boat", image1=photo())
        stage.let_links_die()
        with s3.away():
            reroll = await pressed(stage, stage.alice, picture, "Reroll")
            assert text_of(reroll).startswith("I can't read reference image 1 of that picture right now")
            export = await private_answer(stage, await stage.alice.types("/privacy export", stage.channel))
            assert text_of(export) == OUTAGE
            private = await stage.picture(await stage.imagine("a secret boat", private=True))
            await stage.settled()
            assert text_of(await pressed(stage, stage.alice, private, "Publish")) == OUTAGE
    assert len(stage.jobs()) == 2


@pytest.mark.promise(StorageFault.STORE_DOWN_READ)
async def test_a_deletion_goes_on_once_the_store_is_back(stage: Stage, s3: S3Server) -> None:
    """The requested deletion happens later, and the member sees no error."""
    async with stage.running():
        await draws(stage, stage.alice, "a boat", image1=photo())
        with s3.away():
            await is_forgotten(stage, stage.alice)
        assert len(s3.names()) == 2
    async with stage.running():  # which goes on at once, rather than within a minute
        await until(lambda: s3.names() == set(), 20)


@pytest.mark.promise(StorageFault.STORE_DOWN)
@sqlite_only
async def test_a_process_that_is_killed_before_the_picture_is_kept_loses_nothing(
    stage: Stage, machine: Machine, s3: S3Server
) -> None:
    """The next one keeps it."""
    stage.apiframe.pace = SLOW
    bot = await machine.starts(**s3.environment())
    await stage.imagine()
    await stage.apiframe.until(stage.jobs)
    with s3.away():
        stage.clock.wind(SLOW.drawing)
        picture = await machine.one_picture_for_one_price()
        bot.kill()
        await bot.ended()
    assert s3.names() == set()
    await machine.starts(**s3.environment())
    await until(lambda: s3.names() == {key_of(stage, picture)}, 30)


@pytest.mark.promise(StorageFault.STORE_DOWN_A_DAY)
async def test_discord_has_the_picture_when_apiframe_has_it_no_more(stage: Stage, s3: S3Server) -> None:
    """A store that was away for longer than a day gets the copy that stands in the channel."""
    async with stage.running():
        with s3.away():
            picture = await stage.picture(await stage.imagine("a red boat"))
            await stage.settled()
            with sqlite3.connect(stage.folder / "imagine.db") as database:
                database.execute("UPDATE generations SET result_url = result_url || 'gone'")
            database.close()
        await until(lambda: s3.names() == {key_of(stage, picture)}, TIMEOUT_SECONDS)
        await until(lambda: rows(stage, "SELECT unsaved_since FROM generations") == [(None,)], 10)


@pytest.mark.promise(StorageFault.STORE_DOWN_AT_START)
@pytest.mark.slow
async def test_a_start_while_the_store_is_away_costs_no_picture(stage: Stage, s3: S3Server) -> None:
    """The bot starts with one warning, posts what needs no stored image, refuses the rest, and catches up later."""
    image = photo("mine.png", "blue")
    async with stage.running():
        kept = await draws(stage, stage.alice, "kept before", image1=image)
    stage.let_links_die()
    s3.stop()
    with capture_logs() as lines:
        async with stage.running():
            picture = await draws(stage, stage.alice, "a red boat")
            refusal = await private_answer(stage, await stage.imagine("a boat", image1=photo()))
            assert text_of(refusal) == OUTAGE
            refusal = await pressed(stage, stage.alice, kept, "Reroll")
            assert text_of(refusal).startswith("I can't read reference image 1 of that picture right now")
            assert len(stage.jobs()) == 2
            s3.start()
            await until(lambda: key_of(stage, picture) in s3.names(), 30)
            await stage.picture(await stage.alice.presses(kept, "Reroll"))
            await stage.settled()
    assert [each.content for each in stage.jobs()[2].references] == [image.content]
    assert [line["log_level"] for line in lines if line["event"] == "image_store_unavailable_at_start"] == ["warning"]


@pytest.mark.promise(StorageFault.STORE_UNUSABLE)
@sqlite_only
@pytest.mark.parametrize("wrong", ["missing bucket", "no credentials", "file in the place of the folder"])
async def test_a_store_that_cannot_keep_stops_the_start(
    stage: Stage, machine: Machine, s3: S3Server, wrong: str, tmp_path: Path
) -> None:
    """Before anything is ordered, `run` writes, reads and deletes one object, and ends in one sentence."""
    folder = tmp_path / "images"
    folder.touch()
    changes = {
        "missing bucket": {"IMAGE_STORE_URL": "s3://nowhere"},
        "no credentials": {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_METADATA_ENDPOINT": NOBODY},
        "file in the place of the folder": {"IMAGE_STORE_URL": folder.as_uri()},
    }
    bot = machine.launches(**s3.environment() | changes[wrong])
    assert await bot.ended(within=60) == 1
    assert "IMAGE_STORE_URL" in machine.log.splitlines()[-1]
    assert "Traceback" not in machine.log
    assert stage.jobs() == []
