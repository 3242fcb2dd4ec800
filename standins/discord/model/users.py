"""Accounts, and everybody who has one."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from standins.discord.payload import Payload


@runtime_checkable
class HasUser(Protocol):
    """Somebody with an account: a user, a member of a server, or a person with a client."""

    @property
    def user(self) -> "User":
        """Return the account."""


@dataclass(eq=False)
class User:
    """An account, human or bot."""

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
