"""The member whose requests wait for a moderator by the rules of `/review`, and the one who is never asked to wait."""

import pytest

from standins.discord.client.person import Person
from standins.discord.model.messages import Message
from tests.journeys.moderators import drawn, say
from tests.journeys.test_reviewing import asks, in_review, rejects, reviewed, says, waits
from tests.stage import Stage, has_picture

pytestmark = pytest.mark.shared_bot


async def asks_in_every_way(stage: Stage, who: Person, picture: Message) -> None:
    """Make somebody request a picture by a button, a reaction, a mention and a command."""
    await who.presses(picture, "Reroll")
    await who.reacts(picture, "🎲")
    await who.sends(stage.channel, f"<@{stage.discord.world.bot.id}> a barn")
    await stage.imagine_as(who, "a boat")


async def test_every_way_to_ask_is_reviewed(stage: Stage) -> None:
    """Buttons, reactions, mentions and commands of a member with the role wait; another member's are posted."""
    newcomers, bob = stage.guild.add_role("newcomers"), stage.joins("bob")
    stage.guild.members[stage.alice.id].gains(newcomers)
    async with stage.running():
        moderator, channel = await reviewed(stage, role=newcomers)
        picture = await drawn(stage, bob)
        await asks_in_every_way(stage, stage.alice, picture)
        cards = await in_review(stage, channel, moderator, 4)
        assert stage.pictures() == [picture]
        for card in cards:
            await moderator.presses(card, "Approve")
        await stage.show_pictures(5)
        await stage.settled()


async def test_moderators_are_never_reviewed(stage: Stage) -> None:
    """However they ask, their pictures are posted at once while everyone else waits."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        picture = await drawn(stage, moderator)
        await asks_in_every_way(stage, moderator, picture)
        await stage.show_pictures(5)
        await stage.settled()
        await asks(stage)
        await in_review(stage, channel, moderator, 1)


async def test_the_threads_of_a_reviewed_channel_are_reviewed_too(stage: Stage) -> None:
    """Other channels aren't."""
    other, thread = stage.guild.add_channel("second"), stage.channel.add_thread("boats")
    async with stage.running():
        moderator, channel = await reviewed(stage, in_channel=stage.channel)
        await stage.picture(await stage.alice.types("/imagine", other, prompt="a boat"))
        await waits(stage, await stage.alice.types("/imagine", thread, prompt="a boat"))
        await in_review(stage, channel, moderator, 1)


@pytest.mark.own_bot
async def test_a_review_ends_with_the_last_of_the_approved_pictures(stage: Stage, database_url: str) -> None:
    """A rejected one doesn't count; afterwards, pictures are posted at once, also after a restart."""
    async with stage.running(database_url=database_url):
        moderator, channel = await reviewed(stage, until=2)
        for decision in ("Approve", "Reject", "Approve"):
            card = await asks(stage)
            [shown] = await in_review(stage, channel, moderator)
            if decision == "Approve":
                await moderator.presses(shown, decision)
            else:
                await rejects(stage, moderator, shown)
                await says(stage, card, "A moderator rejected")
            await stage.settled()
    async with stage.running(database_url=database_url):
        await drawn(stage, stage.alice)


async def test_turning_the_review_off_leaves_waiting_requests_in_review(stage: Stage) -> None:
    """They are decided as before, and new ones are posted at once; the moderator reads how many wait."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        assert "wait" not in await say(stage, moderator, "/review show")
        card = await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        assert "\n1 request waits for a moderator.\n" in await say(stage, moderator, "/review show")
        off = await say(stage, moderator, "/review off")
        assert "1 request still waits for a moderator and keeps its review, as it was when it was made." in off
        assert "1 request waits for a moderator." in await say(stage, moderator, "/review show")
        picture = await stage.picture(await stage.imagine("a barn"))
        assert stage.pictures() == [picture]
        await moderator.presses(shown, "Approve")
        await stage.discord.world.until(lambda: has_picture(card))
        await stage.settled()
        assert "wait" not in await say(stage, moderator, "/review show")


async def test_members_learn_before_they_ask(stage: Stage) -> None:
    """`/quota` says that their pictures are reviewed, and `/limits show member:` says so to moderators."""
    newcomers, theirs = stage.guild.add_role("newcomers"), "Their requests in this channel are reviewed"
    async with stage.running():
        moderator, _ = await reviewed(stage, role=newcomers)
        assert "Moderators look at" not in await say(stage, stage.alice, "/quota")
        assert theirs not in await say(stage, moderator, "/limits show", member=stage.alice)
        stage.guild.members[stage.alice.id].gains(newcomers)
        assert "Moderators look at your pictures here before they're posted." in await say(stage, stage.alice, "/quota")
        assert theirs in await say(stage, moderator, "/limits show", member=stage.alice)
        await say(stage, moderator, "/review on", what="prompt", everyone=True)
        assert "Moderators look at your prompts here before" in await say(stage, stage.alice, "/quota")
        assert "Moderators look at" not in await say(stage, moderator, "/quota")
        assert theirs not in await say(stage, moderator, "/limits show", member=moderator)
