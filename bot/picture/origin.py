"""Who asked, where, and how an answer reaches them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, SecretStr


class InteractionAnswer(BaseModel):
    """The right to answer one interaction: Discord's token for it, and the moment from which it is dead."""

    model_config = ConfigDict(frozen=True)

    application_id: int
    token: SecretStr
    expires_at: datetime


class Origin(BaseModel):
    """Who asked for a picture and where.

    `answer` is None where there was no interaction; `reply_to_id` is then the message that is answered.
    """

    model_config = ConfigDict(frozen=True)

    guild_id: int | None
    channel_id: int
    user_id: int
    upload_limit_bytes: int
    answer: InteractionAnswer | None = None
    reply_to_id: int | None = None

    @property
    def server_key(self) -> str:
        """Return what the queue and the limits count as one server: a guild, or a person's direct messages."""
        return f"guild:{self.guild_id}" if self.guild_id is not None else f"user:{self.user_id}"
