"""Roles of a server."""

from dataclasses import dataclass

from standins.discord.model.permissions import Permission
from standins.discord.payload import Payload


@dataclass(eq=False)
class Role:
    """A role of a server with its permissions."""

    id: int
    name: str
    permissions: Permission
    position: int
    mentionable: bool = False
    bot_id: int | None = None

    def payload(self) -> Payload:
        """Return Discord's JSON of the role; the one that came with a bot is managed, and names its bot."""
        tags = {} if self.bot_id is None else {"tags": {"bot_id": str(self.bot_id)}}
        return tags | {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.bot_id is not None,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }
