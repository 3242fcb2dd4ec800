"""Posting reviews, changing their messages, and deleting them, by the bot's own token."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import Final
from uuid import UUID

import discord
import structlog
from discord import ui

from bot.gateway.client import ImagineBot
from bot.generation.discord_port import MessageOutOfReach, NowhereToPost, Picture, Posted
from bot.picture.decision import Review
from bot.picture.generation import Generation
from cogs.review.buttons import review_row
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.marked_files import CLOCKS_DIFFER_BY, is_own, place_of
from cogs.shared.messages import NONCE_CHARACTERS, OutgoingMessage, delete_if_there, post_message
from cogs.shared.plainer import Plainer
from cogs.ui.reviews import review_card
from cogs.ui.text import alt_text

log = structlog.get_logger(__name__)

_SEARCHED_MESSAGES: Final = 1000


class DiscordReviews:
    """Shows reviews to moderators."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot

    async def show(self, generation: Generation, review: Review, picture: Picture | None) -> Posted:
        """Post the picture, or None for a prompt, with the buttons; raise `NowhereToPost` or `PictureTooLarge`.

        The nonce makes a second post within minutes the first one, also where the bot may not look for that. A message
        in the place of one that is gone has another nonce.
        """
        if generation.origin.age_restricted:
            await self._check_age_restricted(review.channel_id)
        # No mark of the picture's own files, or the card would pass for the picture where both are in one channel.
        name = None if picture is None else f"review-{_mark(generation.id)}.{picture.format.suffix}"

        def outgoing() -> OutgoingMessage:
            with self._speaking(generation):
                card = review_card(generation, review, name, [review_row(generation.id)])
                if picture is None:
                    return OutgoingMessage(card)
                description = alt_text(generation.request.prompt)
                return OutgoingMessage(card, [discord.File(picture.path, name, description=description)])

        try:
            return await post_message(self._channel(review.channel_id), outgoing, _nonce(review))
        except Refused as cause:
            raise NowhereToPost(str(cause)) from None

    async def find(self, review: Review) -> Posted | None:
        """Return the message of a review that an earlier try posted, or None if there is none to be seen."""
        since = review.asked_at - CLOCKS_DIFFER_BY
        try:
            with translate_discord_errors():
                async for message in self._channel(review.channel_id).history(limit=_SEARCHED_MESSAGES, after=since):
                    if is_own(message, self._bot) and _has_buttons_for(message, review.generation_id):
                        return place_of(message)
        except Refused as cause:
            log.info("review_not_searched", channel=review.channel_id, cause=str(cause))
        return None

    async def can_be_decided(self, review: Review, posted: Posted) -> bool:
        """Return False if a message is gone, or has no buttons; without the right to look, nobody can tell."""
        try:
            with translate_discord_errors():
                message = await self._channel(posted.channel_id).fetch_message(posted.message_id)
        except Refused as refused:
            return not refused.is_gone
        return _has_buttons_for(message, review.generation_id)

    async def settle(self, generation: Generation, review: Review, posted: Posted) -> None:
        """Show the decision in a message, without buttons, if the message is there and may be changed.

        Without the right to read its history, the bot can't keep the picture on it.
        """
        plainer = Plainer()
        try:
            message, files = await self._seen(posted)
            name = next((file.filename for file in files), None)
            while True:
                with plainer:
                    with self._speaking(generation):
                        card = plainer(review_card(generation, review, name, []))
                    with translate_discord_errors():
                        mentions = self._bot.allowed_mentions
                        await message.edit(view=card, attachments=files, allowed_mentions=mentions)
                    return
        except Refused as refused:
            log.info("review_card_not_changed", generation=str(generation.id), cause=str(refused))

    async def _seen(
        self, posted: Posted
    ) -> tuple[discord.Message | discord.PartialMessage, Sequence[discord.Attachment]]:
        """Return a message with its files, as far as the bot may see them; raise `Refused` if it's gone."""
        channel = self._channel(posted.channel_id)
        try:
            with translate_discord_errors():
                message = await channel.fetch_message(posted.message_id)
        except Refused as refused:
            if refused.is_gone:
                raise
            return channel.get_partial_message(posted.message_id), []
        return message, message.attachments

    async def remove(self, posted: Posted) -> None:
        """Delete a message, if it is there; raise `MessageOutOfReach` if Discord doesn't let the bot."""
        try:
            await delete_if_there(self._bot, posted.channel_id, posted.message_id)
        except Refused as refused:
            raise MessageOutOfReach(str(refused)) from None

    def _speaking(self, generation: Generation) -> AbstractContextManager[None]:
        """Speak the server's language, or that of a public card where the server has none."""
        asked = None if generation.request.private else generation.origin.locale
        return self._bot.speaking_in(generation.origin.guild_id or 0, asked)

    async def _check_age_restricted(self, channel_id: int) -> None:
        """Raise `NowhereToPost` unless a channel, or a thread's channel, is age-restricted."""
        try:
            with translate_discord_errors():
                channel = self._bot.get_channel(channel_id) or await self._bot.fetch_channel(channel_id)
        except Refused as cause:
            raise NowhereToPost(str(cause)) from None
        if isinstance(channel, discord.Thread):
            await self._check_age_restricted(channel.parent_id)
        elif not getattr(channel, "nsfw", False):
            raise NowhereToPost("age-restricted")

    def _channel(self, channel_id: int) -> discord.PartialMessageable:
        return self._bot.get_partial_messageable(channel_id)


def _nonce(review: Review) -> str:
    said = f"{review.generation_id.hex} {review.channel_id} {review.lost_id}"
    return f"v{sha256(said.encode()).hexdigest()}"[:NONCE_CHARACTERS]


def _mark(generation_id: UUID) -> str:
    return generation_id.hex[-12:]


def _has_buttons_for(message: discord.Message, generation_id: UUID) -> bool:
    items = ui.LayoutView.from_message(message).walk_children()
    ids = (getattr(item, "custom_id", None) or "" for item in items)
    return any(each.startswith("review:") and each.endswith(generation_id.hex) for each in ids)
