"""Teams, in the developer portal: several people who own an application together."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from standins.discord.model.users import User
from standins.discord.payload import Payload

Role = Literal["admin", "developer", "read_only"]
PSEUDO_USER = 1 << 10


class Membership(IntEnum):
    """Whether somebody has come who was asked to join."""

    INVITED = 1
    ACCEPTED = 2


@dataclass(frozen=True)
class TeamMember:
    """A member of a team with their role."""

    user: User
    role: Role = "admin"
    membership: Membership = Membership.ACCEPTED


@dataclass(eq=False)
class Team:
    """A team and its owner, who is its first member."""

    id: int
    name: str
    members: list[TeamMember] = field(default_factory=list)

    def payload(self) -> Payload:
        """Return Discord's JSON of the team."""
        return {
            "id": str(self.id),
            "icon": None,
            "name": self.name,
            "owner_user_id": str(self.members[0].user.id),
            "members": [
                {
                    "user": member.user.payload(),
                    "team_id": str(self.id),
                    "membership_state": member.membership,
                    "role": member.role,
                    "permissions": ["*"],
                }
                for member in self.members
            ],
        }

    def as_owner(self) -> Payload:
        """Return Discord's JSON of the pseudo user that owns a team's applications, whom nobody can write to."""
        flags = {"flags": PSEUDO_USER, "public_flags": PSEUDO_USER}
        nobody = {"username": f"team{self.id}", "global_name": None, "discriminator": "0000", "avatar": None}
        return {"id": str(self.id), "bot": False, "primary_guild": None} | nobody | flags
