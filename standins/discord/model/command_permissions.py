"""Permissions of commands, by a server's own settings (Server Settings, Integrations), in Discord's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from standins.discord.payload import Payload


class Subject(IntEnum):
    """The type of a setting's target, with Discord's numbers."""

    ROLE = 1
    USER = 2
    CHANNEL = 3


@dataclass(frozen=True, slots=True)
class CommandPermission:
    """One line of a server's settings: a role, a user or a channel, by id, for which a command is on or off."""

    subject: Subject
    id: int
    allowed: bool

    def payload(self) -> Payload:
        """Return Discord's JSON of this line."""
        return {"id": str(self.id), "type": int(self.subject), "permission": self.allowed}


@dataclass(frozen=True, slots=True)
class Standing:
    """A member in a channel, by ids; in a thread, `channel_id` is that of the channel to which it belongs."""

    guild_id: int
    channel_id: int
    user_id: int
    role_ids: frozenset[int]

    def place_allowed(self, lines: Sequence[CommandPermission]) -> bool | None:
        """Return the setting of the channel, else of all channels (the server's id - 1); None if there is none."""
        said = {line.id: line.allowed for line in lines if line.subject is Subject.CHANNEL}
        return said.get(self.channel_id, said.get(self.guild_id - 1))

    def person_allowed(self, lines: Sequence[CommandPermission]) -> bool | None:
        """Return the setting of the user, else of a role (one is enough), else of everyone; None if none is set."""
        users = {line.id: line.allowed for line in lines if line.subject is Subject.USER}
        if self.user_id in users:
            return users[self.user_id]
        roles = {line.id: line.allowed for line in lines if line.subject is Subject.ROLE}
        own = [roles[role_id] for role_id in self.role_ids & roles.keys()]
        return any(own) if own else roles.get(self.guild_id)


def is_offered(
    standing: Standing,
    of_command: Sequence[CommandPermission],
    of_app: Sequence[CommandPermission],
    *,
    by_default: bool,
) -> bool:
    """Return True if clients offer a command. Its own settings go before the app's, and those before the default.

    `by_default` says whether the member meets the command's `default_member_permissions`.
    """
    place = standing.place_allowed(of_command)
    if place is None:
        place = standing.place_allowed(of_app)
    if place is False:
        return False
    explicit = standing.person_allowed(of_command)
    if explicit is not None:
        return explicit
    return by_default and standing.person_allowed(of_app) is not False
