"""Direct messages, and an app that somebody installed for themselves, if the operator allows them."""

import json

import pytest

from standins.discord.client.client import UnusableError
from standins.discord.model.channels import Channel
from tests.journeys.answers import from_more, private_answer
from tests.journeys.test_favourites import STAR, starred
from tests.journeys.test_history import listed
from tests.journeys.test_history_filters import unzipped
from tests.journeys.test_privacy import asks
from tests.stage import Stage, has_picture, text_of

pytestmark = pytest.mark.shared_bot

DIE = "🎲"


@pytest.fixture
async def private_talk(stage: Stage) -> Channel:
    """Alice's direct messages with the bot."""
    return stage.alice.opens_direct_messages()


def pictures_in(stage: Stage, channel: Channel) -> int:
    """Return how many pictures of the bot Alice sees in a channel."""
    return sum(each.author.bot and has_picture(each) for each in channel.messages_for(stage.alice))


async def test_direct_messages_work_where_they_are_allowed(stage: Stage, private_talk: Channel) -> None:
    """The command, the button and the reaction work between Alice and the bot as they do in a server."""
    async with stage.running(allow_direct_messages=True):
        interaction = await stage.alice.types("/imagine", private_talk, prompt="a boat")
        first = await stage.picture(interaction)
        await stage.settled()
        await stage.picture(await stage.alice.presses(first, "Reroll"))
        await stage.alice.reacts(first, DIE)
        await stage.discord.world.until(lambda: pictures_in(stage, private_talk) == 3)
    assert len(stage.orders()) == 3


async def test_favourites_are_kept_in_direct_messages(stage: Stage, private_talk: Channel) -> None:
    """By the reaction and by the button, beside those of servers, and they are downloaded there."""
    async with stage.running(allow_direct_messages=True):
        on_server = await stage.picture(await stage.imagine("a dog"))
        first, second = [
            await stage.picture(await stage.alice.types("/imagine", private_talk, prompt=prompt))
            for prompt in ("a boat", "a cat")
        ]
        await stage.settled()
        for count, picture in enumerate((on_server, first), start=1):
            await stage.alice.reacts(picture, STAR)
            await starred(stage, count)
        assert "Added" in (await from_more(stage, stage.alice, second, "Favourite")).text
        await stage.alice.unreacts(first, STAR)
        await starred(stage, 2)
        page = await asks(stage, stage.alice, "/history", private_talk, favourites=True)
        assert listed(page) == ["a cat"]
        assert listed(await asks(stage, stage.alice, "/history", favourites=True)) == ["a dog"]
        files = unzipped(await private_answer(stage, await stage.alice.presses(page, "Download")))
    assert [each["prompt"] for each in json.loads(files["pictures.json"])] == ["a cat"]


async def test_direct_messages_are_closed_by_default(stage: Stage, private_talk: Channel) -> None:
    """The command is not offered there, and a mention is answered with where to go."""
    async with stage.running():
        with pytest.raises(UnusableError):
            await stage.alice.types("/imagine", private_talk, prompt="a boat")
        await stage.alice.sends(private_talk, f"<@{stage.discord.application_id}> a boat")

        def refused() -> bool:
            return any("in direct messages" in text_of(each) for each in private_talk.messages_for(stage.alice))

        await stage.discord.world.until(refused)
    assert stage.orders() == []


@pytest.mark.parametrize("command", ["/usage", "/limits show"])
async def test_commands_about_a_server_are_offered_in_servers_alone(
    stage: Stage, private_talk: Channel, command: str
) -> None:
    """Without a server, commands that would always fail aren't offered."""
    async with stage.running(allow_direct_messages=True, allow_user_install=True):
        with pytest.raises(UnusableError):
            await stage.alice.types(command, private_talk)


async def test_an_app_that_somebody_brought_along_draws_where_the_bot_is_not(stage: Stage) -> None:
    """Installed by Alice for herself, the app answers her in a server that does not have the bot."""
    stage.alice.user.has_installed_the_app = True
    guild = stage.discord.world.add_guild("Far away", with_bot=False)
    channel = guild.add_channel("chat")
    alice = stage.discord.person(guild.add_member(stage.alice.user))
    async with stage.running(allow_user_install=True):
        interaction = await alice.types("/imagine", channel, prompt="a boat")
        await stage.picture(interaction)
    assert len(stage.orders()) == 1


async def test_a_portal_that_offers_no_user_installs_keeps_nobody_from_starting(stage: Stage) -> None:
    """With ALLOW_USER_INSTALL and the portal's box unticked, servers still have their commands."""
    stage.discord.world.commands.offers_user_install = False
    async with stage.running(allow_user_install=True):
        await stage.picture(await stage.imagine())
