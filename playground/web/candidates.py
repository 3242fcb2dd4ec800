"""The demo server's people, roles and channels that somebody can choose from."""

from collections.abc import Collection, Iterator

from playground.web.fields import Choice
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Member
from standins.discord.model.permissions import Permission
from standins.discord.model.roles import Role
from standins.discord.model.users import User


def people_in(channel: Channel) -> list[Member | User]:
    """Return who is in a channel's server, or at either end of direct messages, the bot included."""
    if channel.guild is not None:
        return list(channel.guild.members.values())
    return [*channel.recipients, *([channel.platform.bot] if channel.has_bot else [])]


def people(channel: Channel) -> Iterator[Choice]:
    """Offer people."""
    return (Choice(str(person.user.id), person.name, person) for person in people_in(channel))


def roles(channel: Channel) -> Iterator[Choice]:
    """Offer the server's roles; there are none in direct messages."""
    known: Collection[Role] = channel.guild.roles.values() if channel.guild else ()
    return (Choice(str(role.id), f"@{role.name.removeprefix('@')}", role) for role in known)


def mentionables(channel: Channel) -> Iterator[Choice]:
    """Offer people and roles."""
    yield from people(channel)
    yield from roles(channel)


def channels(channel: Channel, user: User, types: Collection[int]) -> Iterator[Choice]:
    """Offer the server's channels that a user sees, of some types or (empty) of all."""
    known = channel.guild.channels.values() if channel.guild else ()
    for one in known:
        if one.permissions_of(user) & Permission.VIEW_CHANNEL and (not types or one.type in types):
            yield Choice(str(one.id), f"#{one.name}", one)
