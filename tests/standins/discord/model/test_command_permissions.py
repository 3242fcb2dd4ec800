"""A server says who may use which command where, clients obey in Discord's order, and the bot can look it up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import discord
import pytest

from standins.discord import DiscordStandIn, Permission, Person, UnusableError
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from standins.discord.model.roles import Role
from standins.discord.model.users import HasUser
from tests.standins.discord.conftest import Api, Running, bare_bot

IMAGINE = {"name": "imagine", "description": "Draw"}


@dataclass
class Harbour:
    """A server with two channels, and Alice, who is a painter."""

    guild: Guild
    channel: Channel
    elsewhere: Channel
    alice: Person
    painters: Role
    sailors: Role

    async def offers(self, channel: Channel | None = None, command: str = "/imagine") -> bool:
        """Return True if Alice's client lets her use a command."""
        try:
            await self.alice.types(command, channel or self.channel)
        except UnusableError:
            return False
        return True


Rules = Mapping[Role | HasUser | Channel | Guild, bool]
Saying = Callable[[Harbour], Rules]


def nothing(_: Harbour) -> Rules:
    return {}


@pytest.fixture
def harbour(standin: DiscordStandIn, guild: Guild, channel: Channel, alice: Person) -> Harbour:
    standin.world.commands.register(IMAGINE, None)
    painters, sailors = guild.add_role("painters"), guild.add_role("sailors")
    guild.members[alice.id].gains(painters, sailors)
    return Harbour(guild, channel, guild.add_channel("elsewhere"), alice, painters, sailors)


CASES: list[tuple[str, Saying, Saying, bool]] = [
    ("nothing is said", nothing, nothing, True),
    ("off for everyone", lambda h: {h.guild.everyone: False}, nothing, False),
    ("a role goes before everyone", lambda h: {h.guild.everyone: False, h.painters: True}, nothing, True),
    ("one role that may is enough", lambda h: {h.painters: False, h.sailors: True}, nothing, True),
    ("a member goes before roles", lambda h: {h.painters: True, h.alice: False}, nothing, False),
    ("off in this channel", lambda h: {h.channel: False, h.alice: True}, nothing, False),
    ("off in another channel", lambda h: {h.elsewhere: False}, nothing, True),
    ("off in all channels", lambda h: {h.guild: False}, nothing, False),
    ("this channel goes before all", lambda h: {h.guild: False, h.channel: True}, nothing, True),
    ("the whole app is off for everyone", nothing, lambda h: {h.guild.everyone: False}, False),
    ("the whole app is off here", nothing, lambda h: {h.channel: False}, False),
    ("the command goes before the app", lambda h: {h.painters: True}, lambda h: {h.alice: False}, True),
    ("the app is asked where the command is silent", lambda h: {h.guild: True}, lambda h: {h.alice: False}, False),
    ("the command is on in all channels", lambda h: {h.guild: True}, lambda h: {h.channel: False}, True),
]


@pytest.mark.parametrize(("of_command", "of_app", "offered"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
async def test_a_server_says_who_may_use_a_command(
    harbour: Harbour, of_command: Saying, of_app: Saying, offered: bool
) -> None:
    """The closest setting rules: of the command before the app; channel and person are asked separately."""
    harbour.guild.restrict_command("imagine", of_command(harbour))
    harbour.guild.restrict_command(None, of_app(harbour))
    assert await harbour.offers() is offered


async def test_default_permissions_hold_unless_the_command_itself_is_opened(harbour: Harbour) -> None:
    """To open the app to somebody is not enough for a command that needs more; to open the command is."""
    needed = str(int(Permission.MANAGE_GUILD))
    harbour.guild.commands.register(IMAGINE | {"name": "limits", "default_member_permissions": needed}, None)
    harbour.guild.restrict_command(None, {harbour.alice: True})
    assert not await harbour.offers(command="/limits")
    harbour.guild.restrict_command("limits", {harbour.alice: True})
    assert await harbour.offers(command="/limits")
    harbour.guild.restrict_command("limits", {})
    assert not await harbour.offers(command="/limits")


async def test_threads_follow_their_channel_and_administrators_nobody(harbour: Harbour) -> None:
    """A command that is off in a channel is off in its threads; an administrator may use everything everywhere."""
    harbour.guild.restrict_command("imagine", {harbour.channel: False})
    thread = harbour.channel.add_thread("boats")
    assert not await harbour.offers(thread)
    harbour.guild.members[harbour.alice.id].gains(harbour.guild.add_role("captains", Permission.ADMINISTRATOR))
    assert await harbour.offers(thread)


async def test_a_bot_can_look_up_what_was_set(api: Api, harbour: Harbour) -> None:
    """By command, by the app's own id, or all at once; 10066 says that nothing was set."""
    guild = harbour.guild
    base = f"/applications/{guild.platform.application_id}/guilds/{guild.id}/commands"
    command_id = guild.commands.named("imagine", guild.id).id
    unset = await api("GET", f"{base}/{command_id}/permissions")
    assert (unset.status, unset.body["code"]) == (404, 10066)
    guild.restrict_command("imagine", {guild: False, harbour.painters: True})
    guild.restrict_command(None, {harbour.alice: False})
    of_command = (await api("GET", f"{base}/{command_id}/permissions")).body
    assert of_command["permissions"] == [
        {"id": str(guild.id - 1), "type": 3, "permission": False},
        {"id": str(harbour.painters.id), "type": 1, "permission": True},
    ]
    of_app = (await api("GET", f"{base}/{guild.platform.application_id}/permissions")).body
    assert of_app["permissions"] == [{"id": str(harbour.alice.id), "type": 2, "permission": False}]
    assert (await api("GET", f"{base}/permissions")).body == [of_command, of_app]


async def test_nobody_looks_into_other_servers(api: Api, standin: DiscordStandIn) -> None:
    """On servers without the bot, it has no access (50001)."""
    elsewhere = standin.world.add_guild("elsewhere", with_bot=False)
    path = f"/applications/{standin.application_id}/guilds/{elsewhere.id}/commands/permissions"
    assert (await api("GET", path)).body["code"] == 50001


async def test_a_bot_hears_of_every_change(running: Running, harbour: Harbour) -> None:
    """discord.py gets the new settings of the command, without an intent."""
    async with running(bare_bot()) as bot:
        await bot.tree.fetch_commands()
        harbour.guild.commands.register(IMAGINE, None)
        heard = bot.wait_for("raw_app_command_permissions_update", timeout=60)
        harbour.guild.restrict_command("imagine", {harbour.guild.everyone: False})
        event = await heard
    assert isinstance(event, discord.RawAppCommandPermissionsUpdateEvent)
    assert [(line.id, line.permission) for line in event.permissions] == [(harbour.guild.id, False)]
