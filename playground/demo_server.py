"""The playground's first state: a server named Harbour, and members with different roles."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from standins.discord.model.permissions import Permission

if TYPE_CHECKING:
    from standins.discord.client.person import Person
    from standins.discord.model.channels import Channel
    from standins.discord.model.guilds import Guild
    from standins.discord.model.interactions import Interaction
    from standins.discord.model.users import HasUser
    from standins.discord.model.world import World
    from standins.discord.server import DiscordStandIn

DIRECT = "direct"
_MODERATOR = "max"
STYLES: Final = {
    "watercolour": "a watercolour of {prompt}, wet paper, soft edges",
    "poster": "a travel poster of {prompt}, flat colours, bold shapes",
}
"""The styles of the demo server: the words around a prompt, by name."""


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody whom the playground's visitor can be; `about` says what they are in the server."""

    slug: str
    person: "Person"
    about: str

    @property
    def name(self) -> str:
        """Return the name that others see."""
        return self.person.user.name


@dataclass(frozen=True, slots=True)
class Town:
    """The demo server: the server, its channels by name, and the people by name, in the order on the page."""

    world: "World"
    guild: "Guild"
    channels: "Mapping[str, Channel]"
    residents: Mapping[str, Resident]

    @property
    def moderator(self) -> Resident:
        """Return the member who may manage the server without owning it."""
        return self.residents[_MODERATOR]

    def places_of(self, resident: Resident) -> "Mapping[str, Channel]":
        """Return the channels that somebody sees, and last their direct messages with the bot."""
        user = resident.person.user
        seen = {
            name: channel
            for name, channel in self.channels.items()
            if channel.permissions_of(user) & Permission.VIEW_CHANNEL
        }
        return seen | {DIRECT: resident.person.opens_direct_messages()}


def found_town(discord: "DiscordStandIn") -> Town:
    """Found the server Harbour with two channels, an owner, a moderator, two members and, outside it, a stranger."""
    world = discord.world
    guild = world.add_guild("Harbour")
    guild.owner.user.name = "olivia"
    world.developer = guild.owner.user
    moderators = guild.add_role("moderators", Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES)
    painters = guild.add_role("painters", mentionable=True)
    people: Mapping[str, HasUser] = {
        "owns the server, and runs the bot": guild.owner,
        "moderator: may manage the server": guild.add_member(_MODERATOR, roles=[moderators]),
        "member with the role painters": guild.add_member("rosa", roles=[painters]),
        "member": guild.add_member("alice"),
        "stranger to the server: direct messages only": world.add_user("sam"),
    }
    residents = [Resident(who.user.name, discord.person(who), about) for about, who in people.items()]
    channels = {name: guild.add_channel(name) for name in ("pictures", "lounge")}
    return Town(world, guild, channels, {resident.slug: resident for resident in residents})


async def add_styles(town: Town) -> None:
    """Make the moderator create the server's styles, since the bot's database is new each time."""
    for name, frame in STYLES.items():
        created = await town.moderator.person.types(
            "/style create", town.channels["pictures"], name=name, frame=frame, server=True
        )
        await created.answered()
        await town.world.until(partial(_is_answered, created))


def _is_answered(interaction: "Interaction") -> bool:
    return interaction.original is not None and not interaction.original.is_loading
