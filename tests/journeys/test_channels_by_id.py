"""Interactions that name their channel only by its id: every command and button works, with every check."""

import pytest

from standins.discord.model.channel_types import ChannelType
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import private_answer
from tests.journeys.moderators import moderator_of, refused, say
from tests.promises import DiscordFault
from tests.stage import Stage

pytestmark = pytest.mark.shared_bot

NOT_HERE = "`/imagine` is turned off for you"


@pytest.fixture(autouse=True)
def by_id_alone(stage: Stage) -> None:
    stage.discord.world.platform.names_channels_by_id_alone = True


def unseen_thread(stage: Stage) -> Channel:
    """Return a thread that the bot doesn't know."""
    platform = stage.discord.world.platform
    number = platform.snowflakes.next()
    thread = Channel(platform, number, "boats", ChannelType.PUBLIC_THREAD, stage.guild, stage.channel)
    stage.guild.channels[number] = thread
    return thread


async def drawn(stage: Stage, channel: Channel) -> Message:
    """Draw a picture in a channel, and return its message."""
    picture = await stage.picture(await stage.alice.types("/imagine", channel, prompt="a boat"))
    await stage.settled()
    return picture


@pytest.mark.promise(DiscordFault.CHANNEL_BY_ID)
async def test_commands_buttons_menus_and_forms_work(stage: Stage) -> None:
    """Each leads to a picture in the channel in which it was asked for."""
    async with stage.running():
        picture = await drawn(stage, stage.channel)
        await stage.picture(await stage.alice.presses(picture, "Reroll"))
        form = await stage.alice.presses(picture, "Remix")
        await form.answered()
        await stage.picture(await stage.alice.submits(form, {"What to draw": "a blue boat"}))
        details = await stage.alice.uses(picture, "Picture details")
        assert "Requested by" in (await private_answer(stage, details)).text
        await stage.alice.types("/history", stage.channel)
        await stage.shows("Your pictures")
    assert len(stage.orders()) == 3


@pytest.mark.promise(DiscordFault.CHANNEL_BY_ID)
async def test_threads_work(stage: Stage) -> None:
    """Also one that the bot doesn't know."""
    async with stage.running():
        for thread in (stage.channel.add_thread("known"), unseen_thread(stage)):
            await stage.picture(await stage.alice.presses(await drawn(stage, thread), "Reroll"))
    assert len(stage.orders()) == 4


async def test_direct_messages_work(stage: Stage) -> None:
    """If they are allowed, the command and the button work."""
    async with stage.running(allow_direct_messages=True):
        picture = await drawn(stage, stage.alice.opens_direct_messages())
        await stage.picture(await stage.alice.presses(picture, "Reroll"))
    assert len(stage.orders()) == 2


async def test_an_app_that_somebody_brought_along_works(stage: Stage) -> None:
    """In a server and in a group of which the bot knows nothing."""
    stage.alice.user.has_installed_the_app = True
    guild = stage.discord.world.add_guild("Far away", with_bot=False)
    chat, alice = guild.add_channel("chat"), stage.discord.person(guild.add_member(stage.alice.user))
    group = stage.discord.world.add_group("friends", stage.alice)
    async with stage.running(allow_user_install=True):
        await stage.picture(await alice.types("/imagine", chat, prompt="a boat"))
        await stage.picture(await stage.alice.types("/imagine", group, prompt="a boat"))
    assert len(stage.orders()) == 2


@pytest.mark.promise(DiscordFault.CHANNEL_BY_ID)
@pytest.mark.parametrize("where", ["channel", "thread", "unseen thread"])
async def test_who_may_not_use_the_command_there_may_not_press_either(stage: Stage, where: str) -> None:
    """A server's settings for a channel apply, and to its threads too."""
    async with stage.running():
        channel = {
            "channel": lambda: stage.channel,
            "thread": lambda: stage.channel.add_thread("known"),
            "unseen thread": lambda: unseen_thread(stage),
        }[where]()
        picture = await drawn(stage, channel)
        stage.guild.restrict_command("imagine", {stage.channel: False})
        answer = await private_answer(stage, await stage.alice.presses(picture, "Reroll"))
        assert NOT_HERE in answer.content
    assert len(stage.orders()) == 1


@pytest.mark.promise(DiscordFault.CHANNEL_BY_ID)
@pytest.mark.parametrize("seen", [True, False], ids=["thread", "unseen thread"])
async def test_a_closed_channel_is_closed_with_its_threads(stage: Stage, seen: bool) -> None:
    """A moderator's list of channels holds for commands in a thread."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits channels deny", channel=stage.channel)
        thread = stage.channel.add_thread("known") if seen else unseen_thread(stage)
        words = await refused(stage, stage.alice, "a boat", thread)
    assert "channel" in words
    assert stage.orders() == []


@pytest.mark.promise(DiscordFault.CHANNEL_BY_ID)
async def test_a_thread_of_which_discord_says_nothing_is_refused(stage: Stage) -> None:
    """The settings there are unknown; nothing is spent."""
    async with stage.running():
        thread = unseen_thread(stage)
        stage.discord.faults.next("GET", f"/channels/{thread.id}", status=403, code=50001)
        words = await refused(stage, stage.alice, "a boat", thread)
    assert "I can't check the permissions in this thread" in words
    assert stage.orders() == []


async def test_missing_rights_are_named_before_anything_is_spent(stage: Stage) -> None:
    """As where Discord describes the channel."""
    async with stage.running():
        stage.channel.overwrite(stage.guild.me, deny=Permission.ATTACH_FILES)
        assert "Attach Files" in await refused(stage, stage.alice)
    assert stage.orders() == []
