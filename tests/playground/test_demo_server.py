"""The town of the playground: everybody stands where their description says."""

from playground.demo_server import DIRECT, Town, found_town
from standins.clock import Clock
from standins.discord.rules.command_rules import SLASH
from standins.discord.server import DiscordStandIn

MANAGE_GUILD = str(1 << 5)


def _town() -> Town:
    return found_town(DiscordStandIn(Clock()))


def test_everybody_sees_the_channels_and_their_direct_messages_but_the_stranger() -> None:
    """A stranger to the server has nothing but direct messages with the bot."""
    town = _town()
    seen = {name: list(town.places_of(resident)) for name, resident in town.residents.items()}
    assert seen.pop("sam") == [DIRECT]
    assert list(seen.values()) == [["pictures", "lounge", DIRECT]] * 4


def test_direct_messages_are_ones_own() -> None:
    """No two people share the channel that is called so for each of them."""
    town = _town()
    channels = {town.places_of(resident)[DIRECT].id for resident in town.residents.values()}
    assert len(channels) == len(town.residents)


def test_commands_for_moderators_are_offered_to_owner_and_moderator() -> None:
    """Only members who may manage the server see a command that needs it."""
    town = _town()
    world = town.world
    world.commands.register(
        {"name": "limits", "description": "Set limits.", "default_member_permissions": MANAGE_GUILD}, None
    )
    world.commands.register({"name": "imagine", "description": "Draw a picture."}, None)
    channel = town.channels["pictures"]
    offered = {
        name: [command.name for command in resident.person.sees_commands(SLASH, channel)]
        for name, resident in town.residents.items()
    }
    everything, members = ["imagine", "limits"], ["imagine"]
    assert offered == {"olivia": everything, "max": everything, "rosa": members, "alice": members, "sam": []}
