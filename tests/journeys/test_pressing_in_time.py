"""The member who presses or reacts while something behind the bot is slow: there is an answer, and in time."""

import asyncio
import sqlite3
from contextlib import closing

import psycopg
import pytest
import structlog

from standins.discord.model.messages import Message
from standins.exchange import Exchange
from tests.faults.ledgers import first_true
from tests.journeys.answers import private_answer
from tests.promises import DiscordFault
from tests.stage import Stage, has_picture

pytestmark = pytest.mark.shared_bot

OVERRIDES = "/applications/*/guilds/*/commands/permissions"


async def drawn(stage: Stage) -> Message:
    """Draw a picture for Alice, and return its message once it is settled."""
    picture = await stage.picture(await stage.imagine())
    await stage.settled()
    return picture


def looks_at_overrides(stage: Stage) -> list[str]:
    """Return a list that grows with every question for a server's overrides."""
    looks: list[str] = []

    def note(exchange: Exchange) -> None:
        if exchange.path.endswith("/commands/permissions"):
            looks.append(exchange.path)

    stage.discord.observers.append(note)
    return looks


async def test_a_server_s_overrides_are_asked_for_once(stage: Stage) -> None:
    """Buttons, reactions and forms of one minute share one look."""
    looks = looks_at_overrides(stage)
    async with stage.running():
        picture = await drawn(stage)
        await stage.picture(await stage.alice.presses(picture, "Reroll"))
        await (await stage.alice.presses(picture, "Remix")).answered()
        await stage.alice.reacts(picture, "🎲")
        await stage.show_pictures(3)
    assert len(looks) == 1


@pytest.mark.own_bot
async def test_a_press_is_answered_while_discord_is_slow_to_say_who_may(stage: Stage) -> None:
    """The card comes first, and the picture once the server's overrides are known."""
    async with stage.running():
        picture = await drawn(stage)
        stage.discord.faults.next("GET", OVERRIDES, delay=60)
        pressed = await stage.alice.presses(picture, "Reroll")
        await pressed.answered()
        assert len(stage.orders()) == 1
        stage.clock.wind(60)
        await stage.picture(pressed)
    assert len(stage.orders()) == 2


@pytest.mark.own_bot
async def test_who_may_not_press_gets_no_picture_out_of_slowness(stage: Stage) -> None:
    """A card that came early goes again, and the sentence is private."""
    async with stage.running():
        picture = await drawn(stage)
        stage.guild.restrict_command("imagine", {stage.alice: False})
        stage.discord.faults.next("GET", OVERRIDES, delay=60)
        pressed = await stage.alice.presses(picture, "Reroll")
        await pressed.answered()
        stage.clock.wind(60)
        refusal = await private_answer(stage, pressed)
        assert "`/imagine` is turned off for you" in refusal.content
        await stage.discord.world.until(lambda: pressed.original is None)
    assert len(stage.orders()) == 1


@pytest.mark.promise(DiscordFault.INTERACTION_EXPIRED_PROXY)
@pytest.mark.parametrize("code", [0, 10062], ids=["without Discord's code", "with Discord's code"])
@pytest.mark.parametrize("button", ["Remix", "Edit", "Reroll"])
async def test_an_interaction_that_is_over_is_one_line(
    stage: Stage, caplog: pytest.LogCaptureFixture, button: str, code: int
) -> None:
    """If Discord, or a proxy that drops its code, says that the interaction is over, it's not an unexpected error."""
    async with stage.running():
        picture = await drawn(stage)
        stage.discord.faults.next("*", "/interactions/*", times=None, status=404, code=code)
        with structlog.testing.capture_logs() as log:
            await stage.alice.presses(picture, button)

            async def said() -> bool:
                return any(each["event"] in {"no_recipient", "answer_refused"} for each in log)

            await first_true(said, within=10)
        await stage.settled()
    assert [each.getMessage() for each in caplog.records if each.name == "bot" and each.levelname == "ERROR"] == []
    assert len([each for each in log if each["event"] in {"no_recipient", "answer_refused"}]) == 1
    assert len(stage.orders()) == 1


async def test_a_form_opens_while_discord_is_slow_to_say_who_may(stage: Stage) -> None:
    """The submitted form is checked again, and rejected if necessary."""
    async with stage.running():
        picture = await drawn(stage)
        stage.guild.restrict_command("imagine", {stage.alice: False})
        stage.discord.faults.next("GET", OVERRIDES, delay=60)
        form = await stage.alice.presses(picture, "Remix")
        await form.answered()
        submitted = await stage.alice.submits(form, {"What to draw": "a blue boat"})
        refusal = await private_answer(stage, submitted)
        assert "`/imagine` is turned off for you" in refusal.content
    assert len(stage.orders()) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.own_bot
async def test_a_picture_that_is_not_found_in_time_is_said_so(stage: Stage, database_url: str) -> None:
    """While the database is down, a press gets an error message before Discord shows its own."""
    async with stage.running(database_url=database_url):
        picture = await stage.picture(await stage.imagine())
        await stage.discord.world.until(lambda: picture.reactions)  # all is stored by then
        with closing(psycopg.connect(database_url)) as stranger:
            stranger.execute("LOCK TABLE generations IN ACCESS EXCLUSIVE MODE")
            pressed = await stage.alice.presses(picture, "Reroll")
            refusal = await private_answer(stage, pressed)
            stranger.rollback()
    assert "in time" in refusal.content
    assert len(stage.orders()) == 1


async def test_a_die_below_a_picture_that_is_only_just_there_rerolls_it(stage: Stage) -> None:
    """A member who presses before the picture's message is stored still gets another picture."""
    database = sqlite3.connect(stage.folder / "imagine.db", isolation_level=None)
    quick: list[asyncio.Task[None]] = []

    async def react(picture: Message) -> None:
        await stage.alice.reacts(picture, "🎲")
        await asyncio.sleep(0.1)
        database.rollback()

    def lock_and_react(exchange: Exchange) -> None:
        shown = [each for each in stage.channel.messages_for(stage.alice) if has_picture(each)]
        if shown and not quick and exchange.method == "PATCH":
            database.execute("BEGIN IMMEDIATE")  # so that it can't be stored yet
            quick.append(asyncio.create_task(react(shown[0])))

    stage.discord.observers.append(lock_and_react)
    with closing(database):
        async with stage.running():
            await stage.imagine()
            await stage.show_pictures(2)
    assert len(stage.orders()) == 2


async def test_a_picture_that_is_not_kept_any_more_is_edited_from_what_discord_shows(stage: Stage) -> None:
    """However slowly Discord hands it out, there is an answer in time, and then the picture."""
    async with stage.running():
        picture = await drawn(stage)
        [kept] = (stage.folder / "images").rglob("*.*")
        kept.unlink()
        [attachment] = picture.payload()["attachments"]
        shown = stage.discord.world.cdn.at(attachment["url"])
        shown.drip_bytes_per_second = shown.size / 2.5
        form = await stage.alice.presses(picture, "Edit")
        await form.answered()
        submitted = await stage.alice.submits(form, {"What should change?": "make it blue"})
        await submitted.answered()
        await stage.picture(submitted)
    assert [each.content for each in stage.jobs()[1].references] == [shown.on_disk.read_bytes()]
    assert stage.orders()[1]["prompt"] == "make it blue"
