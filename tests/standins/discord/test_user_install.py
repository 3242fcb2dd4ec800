"""Somebody who installed the app for themselves takes it along: to servers without the bot, and among friends."""

from typing import Any

import discord
import pytest

from standins.discord import DiscordStandIn, Permission, UnusableError
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from tests.standins.discord.conftest import Api, Bot, Running, bare_bot

EVERYWHERE = {"name": "imagine", "description": "Draw", "integration_types": [0, 1], "contexts": [0, 1, 2]}
ATTACH_EMBED_MENTION = 1 << 15 | 1 << 14 | 1 << 17


@pytest.fixture
def elsewhere(standin: DiscordStandIn) -> Guild:
    """A server without the bot."""
    return standin.world.add_guild("elsewhere", with_bot=False)


@pytest.fixture
def hall(elsewhere: Guild) -> Channel:
    return elsewhere.add_channel("hall")


@pytest.fixture
def carol(standin: DiscordStandIn, elsewhere: Guild) -> Person:
    """Carol, who installed the app for herself."""
    standin.world.commands.register(EVERYWHERE, None)
    carol = standin.person(elsewhere.add_member("Carol"))
    carol.user.has_installed_the_app = True
    return carol


@pytest.fixture
def friends(standin: DiscordStandIn, carol: Person) -> Channel:
    """A group of Carol and Dave, who did not install anything."""
    return standin.world.add_group("friends", carol, standin.world.add_user("Dave"))


def drawing_bot() -> Bot:
    """Return a bot whose `/imagine` works everywhere, and answers with a button."""
    bot = bare_bot()

    class Again(discord.ui.View):
        @discord.ui.button(label="Again", custom_id="again")
        async def again(self, interaction: discord.Interaction, _: discord.ui.Button["Again"]) -> None:
            await interaction.response.send_message(f"again, for {interaction.user.display_name}")

    @bot.tree.command()
    @discord.app_commands.allowed_installs(guilds=True, users=True)
    @discord.app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def imagine(interaction: discord.Interaction) -> None:
        """Draw."""
        context, may = interaction.context, interaction.app_permissions
        places = context.guild, context.dm_channel, context.private_channel
        await interaction.response.send_message(f"{places} {may.value}", view=Again())

    return bot


async def test_among_friends_the_app_answers_and_hears_nothing_else(
    running: Running, friends: Channel, carol: Person, api: Api
) -> None:
    """In a private channel the bot gets interactions and responds, but it gets no messages and can't read any."""
    bot, heard = drawing_bot(), list[discord.Message]()

    @bot.listen()
    async def on_message(message: discord.Message) -> None:
        heard.append(message)

    async with running(bot):
        await carol.sends(friends, "look at this")
        asked = await carol.types("/imagine", friends)
        await asked.answered()
        directly = bot.wait_for("message", check=lambda message: message.content == "hello", timeout=60)
        await carol.sends(carol.opens_direct_messages(), "hello")
        await directly
    assert asked.original is not None
    assert asked.original.content == f"(False, False, True) {ATTACH_EMBED_MENTION}"
    assert [message.content for message in heard] == ["hello"]
    assert (await api("GET", f"/channels/{friends.id}/messages")).body["code"] == 50001


async def test_among_friends_only_what_is_installed_and_allowed_is_offered(
    standin: DiscordStandIn, friends: Channel, carol: Person
) -> None:
    """Dave hasn't installed the app, and a command for servers only isn't offered there."""
    dave = standin.person(friends.recipients[1])
    standin.world.commands.register(EVERYWHERE | {"name": "limits", "contexts": [0]}, None)
    with pytest.raises(UnusableError, match="neither for everybody nor for Dave"):
        await dave.types("/imagine", friends)
    with pytest.raises(UnusableError, match="not offered in this kind of place"):
        await carol.types("/limits", friends)


async def test_everybody_may_press_what_one_of_them_brought(
    running: Running, standin: DiscordStandIn, friends: Channel, carol: Person
) -> None:
    """Dave presses a button below Carol's answer: it still goes by Carol's installation."""
    dave = standin.person(friends.recipients[1])
    async with running(drawing_bot()):
        asked = await carol.types("/imagine", friends)
        await asked.answered()
        assert asked.original is not None
        pressed = await dave.presses(asked.original, "Again")
        await pressed.answered()
    assert pressed.payload()["authorizing_integration_owners"] == {"1": str(carol.id)}
    assert pressed.original is not None
    assert pressed.original.content == "again, for Dave"


async def test_each_place_has_its_permissions_for_apps(hall: Channel, carol: Person) -> None:
    """In direct messages what Discord documents; in a server without the bot what the person may do."""
    direct = (await carol.types("/imagine", carol.opens_direct_messages())).payload()
    assert (direct["context"], int(direct["app_permissions"])) == (1, ATTACH_EMBED_MENTION | 1 << 18)
    assert direct["authorizing_integration_owners"] == {"0": "0", "1": str(carol.id)}
    hall.overwrite(carol, deny=Permission.ATTACH_FILES)
    guest: dict[str, Any] = (await carol.types("/imagine", hall)).payload()
    assert (guest["context"], guest["guild_id"]) == (0, str(hall.guild.id) if hall.guild else None)
    assert int(guest["app_permissions"]) == int(hall.permissions_of(carol.user))
    assert not int(guest["app_permissions"]) & Permission.ATTACH_FILES


async def test_where_others_apps_are_not_welcome_answers_are_private(
    running: Running, hall: Channel, carol: Person
) -> None:
    """Without Use External Apps the command works, and only Carol sees what comes of it."""
    hall.overwrite(carol, deny=Permission.USE_EXTERNAL_APPS)
    async with running(drawing_bot()):
        asked = await carol.types("/imagine", hall)
        await asked.answered()
    assert asked.original is not None
    assert asked.original.visible_only_to is carol.user
