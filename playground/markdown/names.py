"""The names that ids in a text have for the reader."""

from collections.abc import Mapping
from dataclasses import dataclass

from standins.discord.model.channels import Channel
from standins.discord.model.permissions import Permission
from standins.discord.model.users import User
from standins.discord.model.world import World

_SIGNS = {"user": "@", "role": "@", "channel": "#"}
_UNKNOWN = {"user": "unknown-user", "role": "unknown-role", "channel": "unknown"}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of users, roles and channels by id, as one person knows them."""

    users: Mapping[int, str]
    roles: Mapping[int, str]
    channels: Mapping[int, str]

    def mention(self, meta: Mapping[str, object]) -> str:
        """Return the text of a `mention` token: `@alice`, `#pictures`, `/limits show`."""
        kind = str(meta["kind"])
        if kind == "command":
            return f"/{meta['name']}"
        known = {"user": self.users, "role": self.roles, "channel": self.channels}[kind]
        return _SIGNS[kind] + known.get(int(str(meta["id"])), _UNKNOWN[kind])


def names_seen_by(user: User, channel: Channel, world: World) -> Names:
    """Return everybody's name, the roles of the channel's server, and the channels that the user sees."""
    guild = channel.guild
    seen = (each for each in world.channels.values() if each.permissions_of(user) & Permission.VIEW_CHANNEL)
    return Names(
        users={each.id: each.name for each in world.users.values()},
        roles={role.id: role.name.removeprefix("@") for role in guild.roles.values()} if guild else {},
        channels={each.id: each.name for each in seen},
    )
