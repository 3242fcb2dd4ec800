"""Reaching a channel: by the interaction's token while it lives, then by the bot's own, and never twice."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, cast

import aiohttp
import discord
import structlog
from discord import ui

from bot.client import ImagineBot
from bot.generation.delivery import DeliveryUnavailable, NowhereToPost, PictureTooLarge
from bot.picture.generation import Generation

log = structlog.get_logger(__name__)

_NO_MENTIONS: Final = discord.AllowedMentions.none()
_ORIGINAL = cast("int", "@original")  # Discord's name for the first answer; discord.py's types know numbers only
_TOO_LARGE_CODE = 40005
_HISTORY_MESSAGES = 100


class CardGone(Exception):
    """Say that the card cannot be edited: its token is dead, or somebody deleted it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What to put into a channel: a card, and the files that it shows."""

    card: ui.LayoutView
    files: Sequence[discord.File] = ()


class Mailbox:
    """Edits cards and posts messages for generations, telling what may pass from what is final."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot

    async def edit_card(self, generation: Generation, letter: Letter) -> int:
        """Replace the first answer and return its message's id; raise `CardGone`, or what `_translated` says."""
        webhook = self._webhook(generation)
        with _translated():
            try:
                message = await webhook.edit_message(
                    _ORIGINAL, view=letter.card, attachments=letter.files, allowed_mentions=_NO_MENTIONS
                )
            except (discord.NotFound, discord.Forbidden) as cause:
                raise CardGone(str(cause)) from None
            except discord.HTTPException as cause:
                if cause.status == 401:  # Discord's word for a token that has died
                    raise CardGone(str(cause)) from None
                raise
        return message.id

    async def post_anew(self, generation: Generation, letter: Callable[[], Letter]) -> int:
        """Post into the channel, or to the person where that is closed, and return the message's id.

        The nonce makes a second post within some minutes the first one. Raises `NowhereToPost`.
        """
        channel = self._bot.get_partial_messageable(generation.origin.channel_id, guild_id=generation.origin.guild_id)
        with _translated():
            try:
                return await _send(channel, generation, letter())
            except (discord.NotFound, discord.Forbidden) as cause:
                log.warning("channel_closed", generation=str(generation.id), cause=str(cause))
            try:
                return await _send(await self._bot.fetch_user(generation.origin.user_id), generation, letter())
            except (discord.NotFound, discord.Forbidden) as cause:
                raise NowhereToPost(str(cause)) from None

    async def find(self, generation: Generation, mark: str) -> int | None:
        """Return the message that has a file with `mark` in its name already, or None if there is none to be seen."""
        with _translated():
            try:
                card = await self._webhook(generation).fetch_message(_ORIGINAL)
                if _has_file(card, mark):
                    return card.id
            except (CardGone, discord.HTTPException) as cause:
                if isinstance(cause, discord.DiscordServerError):
                    raise
            try:
                return await self._find_in_channel(generation, mark)
            except (discord.NotFound, discord.Forbidden):
                return None

    async def delete_card(self, generation: Generation) -> None:
        """Take a card away that nobody updates any more, if it can be done."""
        if generation.card_id is None:
            return
        channel = self._bot.get_partial_messageable(generation.origin.channel_id, guild_id=generation.origin.guild_id)
        try:
            await channel.get_partial_message(generation.card_id).delete()
        except (discord.HTTPException, aiohttp.ClientError) as cause:
            log.info("card_not_deleted", generation=str(generation.id), cause=str(cause))

    async def _find_in_channel(self, generation: Generation, mark: str) -> int | None:
        origin = generation.origin
        channel = self._bot.get_partial_messageable(origin.channel_id, guild_id=origin.guild_id)
        if generation.card_id is not None:
            try:
                card = await channel.fetch_message(generation.card_id)
            except discord.NotFound:
                pass
            else:
                if _has_file(card, mark):
                    return card.id
        async for message in channel.history(limit=_HISTORY_MESSAGES):
            if _has_file(message, mark):
                return message.id
        return None

    def _webhook(self, generation: Generation) -> discord.Webhook:
        answer = generation.origin.answer
        if answer is None or answer.expires_at <= datetime.now(UTC):
            raise CardGone("the right to answer has run out")
        return discord.Webhook.partial(answer.application_id, answer.token.get_secret_value(), client=self._bot)


async def _send(to: discord.abc.Messageable, generation: Generation, letter: Letter) -> int:
    message = await to.send(
        view=letter.card, files=letter.files, nonce=generation.short_id, allowed_mentions=_NO_MENTIONS
    )
    return message.id


def _has_file(message: discord.Message, mark: str) -> bool:
    return any(mark in attachment.filename for attachment in message.attachments)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what discord.py and aiohttp raise into what the workflow knows: too large, or unavailable for now."""
    try:
        yield
    except discord.HTTPException as cause:
        if cause.status == 413 or cause.code == _TOO_LARGE_CODE:
            raise PictureTooLarge from None
        if cause.status == 429 or cause.status >= 500:
            raise DeliveryUnavailable(str(cause)) from None
        raise
    except (aiohttp.ClientError, OSError, TimeoutError) as cause:  # no text of theirs: it may hold the token's address
        raise DeliveryUnavailable(type(cause).__name__) from None
