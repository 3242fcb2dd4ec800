"""The reader, and the names that ids in a text have for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from playground.web.viewer import Seat
from standins.discord.model.permissions import Permission


@dataclass(frozen=True, slots=True)
class Reader:
    """The names of people, roles and channels by id, as one person knows them."""

    users: Mapping[int, str]
    roles: Mapping[int, str]
    channels: Mapping[int, str]


def reader_at(seat: Seat) -> Reader:
    """Return the person at a seat as a reader: everybody's name, and of roles and channels those that they see."""
    world, guild = seat.channel.world, seat.channel.guild
    seen = (each for each in world.channels.values() if each.permissions_of(seat.user) & Permission.VIEW_CHANNEL)
    return Reader(
        users={user.id: user.name for user in world.users.values()},
        roles={role.id: role.name.removeprefix("@") for role in guild.roles.values()} if guild else {},
        channels={channel.id: channel.name for channel in seen},
    )
