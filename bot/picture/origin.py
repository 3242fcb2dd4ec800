"""The requesting user, the place, and the way to respond."""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, SecretStr

NOBODY: Final = 0  # the id, which Discord never gives, of everybody who asked to be forgotten


class InteractionAnswer(BaseModel):
    """The right to answer one interaction: Discord's token for it, and the moment from which it is dead."""

    model_config = ConfigDict(frozen=True)

    application_id: int
    token: SecretStr
    expires_at: datetime


class Event(BaseModel):
    """The Discord event that requested a picture: if two processes get it, they make one picture.

    `key` is the id of an interaction or a message, which happen once. Discord gives a reaction no id: its key is the
    message, the emoji and the user, and each can be added again. `follows` is then the picture of the last such
    reaction, if this process has seen that one being removed since.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    is_repeatable: bool = False
    follows: UUID | None = None


class Origin(BaseModel):
    """The user and the place of a request.

    `answer` is None where there was no interaction; `reply_to_id` is then the message that is answered.
    """

    model_config = ConfigDict(frozen=True)

    guild_id: int | None
    channel_id: int
    user_id: int
    upload_limit_bytes: int
    answer: InteractionAnswer | None = None
    reply_to_id: int | None = None
    event: Event | None = None  # not read back
    age_restricted: bool = False  # whether Discord shows the channel to adults only, as far as the bot can tell
    locale: str | None = None  # of the picture's messages: Discord's code of the server's language, or of the person's
    # For the rules at the moment of asking; not remembered.
    role_ids: frozenset[int] = frozenset()
    parent_channel_id: int | None = None  # of a thread
    moderates: bool = False  # whether the member manages the server

    @property
    def channel_ids(self) -> frozenset[int]:
        """Return the channel and, of a thread, the channel that it belongs to."""
        return frozenset({self.channel_id} | ({self.parent_channel_id} if self.parent_channel_id else set()))

    @property
    def server_key(self) -> str:
        """Return what the queue and the limits count as one server: a guild, or a person's direct messages."""
        return f"guild:{self.guild_id}" if self.guild_id is not None else f"user:{self.user_id}"

    @property
    def audience_key(self) -> str:
        """Return a key of the people who see a message here: a guild, or direct messages or a group by its channel."""
        return f"guild:{self.guild_id}" if self.guild_id is not None else f"channel:{self.channel_id}"
