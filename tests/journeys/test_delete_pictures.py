"""A moderator deletes a member's pictures of the last hour or day."""

import asyncio

import pytest

from standins.discord import UnusableError
from standins.discord.client.person import Person
from standins.discord.model.messages import Message
from tests.faults.machine import SLOW
from tests.journeys.answers import changed, private_answer
from tests.journeys.moderators import drawn, moderator_of, say
from tests.journeys.test_privacy import kept_images
from tests.stage import GENERATION, QUICK, Stage

pytestmark = pytest.mark.shared_bot

MENU = "Delete pictures"


async def asks(stage: Stage, moderator: Person, member: Person) -> Message:
    """Make a moderator type the command, and return the question."""
    return await private_answer(stage, await moderator.types("/delete-pictures", stage.channel, member=member))


async def presses(stage: Stage, moderator: Person, question: Message, button: str, words: str) -> None:
    """Press a button of the question, and wait for the answer in its place."""
    await changed(stage, await moderator.presses(question, button), words)


@pytest.mark.own_bot
async def test_the_latest_pictures_are_deleted_with_their_files_and_messages(stage: Stage, database_url: str) -> None:
    """In all channels, by command and by menu; others' pictures and older ones stay, and the audit log has a line."""
    moderator, bob, other = moderator_of(stage), stage.joins("bob"), stage.guild.add_channel("second")
    log = stage.guild.add_channel("log")
    async with stage.running(database_url=database_url) as bot:
        await say(stage, moderator, "/limits log", channel=log)
        await drawn(stage, stage.alice, "one")
        await stage.picture(await stage.alice.types("/imagine", other, prompt="two"))
        kept = await drawn(stage, bob, "three")
        await stage.settled()
        question = await private_answer(stage, await moderator.uses(stage.alice, MENU, stage.channel))
        assert "- In the last hour: 2" in question.text
        assert f"<#{stage.channel.id}> (1)" in question.text
        assert f"<#{other.id}> (1)" in question.text
        assert "The cost of the others isn't refunded" in question.text
        again = await asks(stage, moderator, stage.alice)
        await presses(stage, moderator, question, "Last hour (2)", "**2** pictures of")
        await stage.discord.world.until(lambda: not other.messages_for(bob))
        await stage.show_pictures(1)
        await presses(stage, moderator, again, "Last day (2)", "no pictures here")
        await bot.services.erasure.go_on()
        history = await say(stage, moderator, "/limits history", member=stage.alice)
        assert history.count(f"Pictures of <@{stage.alice.id}>: 2 →\u00a0**deleted**") == 1
        await stage.discord.world.until(
            lambda: any("2 →\u00a0**deleted**" in each.text for each in log.messages_for(bob))
        )
    assert stage.pictures() == [kept]
    assert len(kept_images(stage)) == 1
    prompts = [row[0] for row in stage.rows("SELECT prompt FROM generations ORDER BY created_at")]
    assert prompts == ["(deleted)", "(deleted)", "three"]
    assert stage.rows("SELECT count(*) FROM erasures") == [(0,)]
    owners = stage.rows("SELECT user_id FROM generations")
    assert {row[0] for row in owners} == {stage.alice.id, bob.id}


@pytest.mark.own_bot
async def test_two_moderators_at_once_delete_once(stage: Stage, database_url: str) -> None:
    """One gets the number, the other reads that nothing is left, and the audit log has one line."""
    first = moderator_of(stage)
    async with stage.running(database_url=database_url) as bot:
        await drawn(stage, stage.alice, "one")
        await stage.settled()
        questions = [await asks(stage, first, stage.alice) for _ in range(2)]
        await asyncio.gather(*(first.presses(each, "Last day (1)") for each in questions))
        await stage.discord.world.until(lambda: not any("This can't be undone" in each.text for each in questions))
        await stage.show_pictures(0)
        await bot.services.picture_removal.go_on()
    assert sorted("no pictures here" in each.text for each in questions) == [False, True]
    assert stage.rows("SELECT count(*) FROM audit_log") == [(1,)]


@pytest.mark.own_bot
async def test_pictures_in_progress_are_cancelled_or_deleted_when_they_are_done(
    stage: Stage, database_url: str
) -> None:
    """The waiting one is refunded and never ordered; the one that is drawn is taken away after it was posted."""
    moderator = moderator_of(stage)
    stage.apiframe.pace = SLOW
    one_at_once = GENERATION | {"concurrency": 1, "concurrency_per_server": 1}
    async with stage.running(database_url=database_url, generation=one_at_once) as bot:
        await stage.imagine("first")
        await stage.discord.world.until(stage.orders)
        await stage.imagine("second")
        question = await asks(stage, moderator, stage.alice)
        await presses(stage, moderator, question, "Last hour (2)", "**2** pictures of")
        stage.apiframe.pace = QUICK
        stage.clock.wind(SLOW.drawing)
        await stage.show_pictures(1)
        await stage.settled()
        await bot.services.erasure.go_on()
        assert stage.pictures() == []
        await drawn(stage, stage.alice, "third")
    assert [order["prompt"] for order in stage.orders()] == ["first", "third"]
    assert stage.rows("SELECT count(*) FROM erasures") == [(0,)]


async def test_only_moderators_delete_others_pictures(stage: Stage) -> None:
    """Discord doesn't offer it to others, and if it is opened to everybody, the bot rejects them."""
    async with stage.running():
        await drawn(stage, stage.alice, "one")
        await stage.settled()
        with pytest.raises(UnusableError):
            await stage.alice.types("/delete-pictures", stage.channel, member=stage.alice)
        stage.guild.restrict_command("delete-pictures", {stage.guild.everyone: True})
        assert "**Manage Server**" in (await asks(stage, stage.alice, stage.alice)).text
        await stage.show_pictures(1)
