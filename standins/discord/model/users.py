"""Who is there: users, and users as members of a server."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from standins.discord.payload import Payload, iso

if TYPE_CHECKING:
    from standins.discord.model.guilds import Guild, Role
    from standins.discord.model.world import World


@runtime_checkable
class HasUser(Protocol):
    """Somebody with an account: a user, a member of a server, or a person with a client."""

    @property
    def user(self) -> "User":
        """Return the account."""


@dataclass(eq=False)
class User:
    """An account, human or bot."""

    world: "World"
    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"
    has_installed_the_app: bool = False

    @property
    def user(self) -> "User":
        """Return the account itself, so that users and members can be asked alike."""
        return self

    def payload(self) -> Payload:
        """Return Discord's JSON of the user."""
        return {
            "id": str(self.id),
            "username": self.name.lower().replace(" ", "_"),
            "global_name": None if self.bot else self.name,
            "discriminator": "0000" if self.bot else "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
        }


@dataclass(eq=False)
class Member:
    """A user in one server, with roles there."""

    account: User
    guild: "Guild"
    roles: "list[Role]" = field(default_factory=list)
    joined: float = 0.0

    @property
    def world(self) -> "World":
        """Return the world in which this all happens."""
        return self.account.world

    @property
    def user(self) -> User:
        """Return the account of this member."""
        return self.account

    @property
    def id(self) -> int:
        """Return the account's snowflake."""
        return self.account.id

    @property
    def name(self) -> str:
        """Return the account's name."""
        return self.account.name

    def gains(self, *roles: "Role") -> None:
        """Get roles, and let the bot know where it may."""
        self.roles += [role for role in roles if role not in self.roles]
        self._tell_of_update()

    def loses(self, *roles: "Role") -> None:
        """Lose roles, and let the bot know where it may."""
        self.roles = [role for role in self.roles if role not in roles]
        self._tell_of_update()

    def _tell_of_update(self) -> None:
        body = self.payload() | {"guild_id": str(self.guild.id)}
        self.world.news.tell("GUILD_MEMBER_UPDATE", body, guild_id=self.guild.id, subject=self)

    def payload(self, *, with_user: bool = True) -> Payload:
        """Return Discord's JSON of the member; message events carry it without the user."""
        body: Payload = {
            "roles": [str(role.id) for role in self.roles],
            "joined_at": iso(self.joined),
            "nick": None,
            "avatar": None,
            "banner": None,
            "premium_since": None,
            "communication_disabled_until": None,
            "pending": False,
            "mute": False,
            "deaf": False,
            "flags": 0,
        }
        return body | ({"user": self.account.payload()} if with_user else {})
