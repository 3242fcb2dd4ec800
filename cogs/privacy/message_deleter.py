"""Deleting the bot's messages that show pictures of a person who had everything deleted."""

from collections.abc import Sequence

import structlog

from bot.gateway.client import ImagineBot
from bot.generation.discord_port import MessageOutOfReach
from bot.picture.generation import Generation
from bot.picture.repost import Repost
from cogs.shared.backoff import Backoff
from cogs.shared.discord_errors import Refused
from cogs.shared.marked_files import file_marker
from cogs.shared.messages import Messages, delete_if_there

log = structlog.get_logger(__name__)

_PAUSE_SECONDS = 3600.0  # before a message is tried again that Discord does not let be deleted


class DiscordMessageDeleter:
    """Deletes messages by the bot's own token."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot
        self._messages = Messages(bot)
        self._backoff = Backoff(_PAUSE_SECONDS)

    async def delete_messages(self, generation: Generation, reposts: Sequence[Repost]) -> None:
        """Delete the messages that show a picture, the first and its reposts.

        Raises `MessageOutOfReach` or `DeliveryUnavailable`.
        """
        picture, card = (generation.shown_in, generation.message_id), (generation.origin.channel_id, generation.card_id)
        for channel_id, message_id in dict.fromkeys((picture, card)):
            if message_id is not None:
                await self._delete(channel_id, message_id)
        for repost in reposts:
            try:
                message_id = await self._messages.find_repost(repost, file_marker(generation.id))
            except Refused as refused:
                raise MessageOutOfReach(str(refused)) from None
            if message_id is not None:
                await self._delete(repost.channel_id, message_id)

    async def _delete(self, channel_id: int, message_id: int) -> None:
        """Delete one message, if it is there; raise `MessageOutOfReach` for a while after Discord refused."""
        if self._backoff.holds(channel_id, message_id):
            raise MessageOutOfReach("Discord refused lately")
        try:
            await delete_if_there(self._bot, channel_id, message_id)
        except Refused as refused:
            log.info("message_unreachable", channel=channel_id, code=refused.code)
            self._backoff.begin(channel_id if refused.is_forbidden else message_id)
            raise MessageOutOfReach(str(refused)) from None
