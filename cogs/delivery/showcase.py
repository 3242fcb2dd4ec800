"""Posting pictures in the showcase of their server, and deleting them there."""

from datetime import datetime
from typing import Final
from uuid import UUID

import discord
import structlog

from bot.gateway.client import ImagineBot
from bot.generation.discord_port import MessageOutOfReach, NowhereToPost, Picture, Posted
from bot.picture.generation import Generation
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.marked_files import file_marker, find_with_file
from cogs.shared.messages import NONCE_CHARACTERS, OutgoingMessage, delete_if_there, post_message
from cogs.ui.showcase import showcase_card
from cogs.ui.text import alt_text, file_stem

log = structlog.get_logger(__name__)

_READING: Final = discord.Permissions(view_channel=True, read_message_history=True)
_READING_IN_VOICE: Final = discord.Permissions(connect=True) | _READING  # the chat of voice and stage channels


class DiscordShowcase:
    """Shows pictures by the bot's own token."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot

    async def check(self, generation: Generation, channel_id: int) -> None:
        """Raise `NowhereToPost` if not everybody may see the picture there, or its channel isn't known."""
        if generation.request.private or generation.was_sent_directly:
            raise NowhereToPost("private")
        source, target = await self._channel(generation.origin.channel_id), await self._channel(channel_id)
        if not await self._is_public(source):
            raise NowhereToPost("hidden")
        adult = generation.origin.age_restricted or await self._is_age_restricted(source)
        if adult and not await self._is_age_restricted(target):
            raise NowhereToPost("age-restricted")

    async def show(self, generation: Generation, picture: Picture, channel_id: int) -> Posted:
        """Post the picture and return its place; the nonce makes a second post within minutes the first one."""
        name = f"{file_stem(generation.request.prompt, file_marker(generation.id))}.{picture.format.suffix}"
        with self._bot.speech.spoken(generation.origin.locale):
            description = alt_text(generation.request.prompt)

        def outgoing() -> OutgoingMessage:
            with self._bot.speech.spoken(generation.origin.locale):
                card = showcase_card(generation, name)
            return OutgoingMessage(card, [discord.File(picture.path, name, description=description)])

        place = self._bot.get_partial_messageable(channel_id)
        try:
            return await post_message(place, outgoing, f"s{generation.short_id}"[:NONCE_CHARACTERS])
        except Refused as cause:
            raise NowhereToPost(str(cause)) from None

    async def find(self, generation_id: UUID, channel_id: int, since: datetime) -> Posted | None:
        """Return the message that shows a picture since a moment, or None if there is none to be seen."""
        try:
            with translate_discord_errors():
                channel = self._bot.get_partial_messageable(channel_id)
                return await find_with_file(channel, {file_marker(generation_id)}, since, self._bot)
        except Refused as cause:
            log.info("showcase_not_searched", channel=channel_id, cause=str(cause))
            return None

    async def remove(self, posted: Posted) -> None:
        """Delete a message, if it is there; raise `MessageOutOfReach` if Discord doesn't let the bot."""
        try:
            await delete_if_there(self._bot, posted.channel_id, posted.message_id)
        except Refused as refused:
            raise MessageOutOfReach(str(refused)) from None

    async def _channel(self, channel_id: int) -> object:
        """Return a channel, with all that decides whether it is age-restricted; raise `NowhereToPost`."""
        try:
            with translate_discord_errors():
                return self._bot.get_channel(channel_id) or await self._bot.fetch_channel(channel_id)
        except Refused as cause:
            raise NowhereToPost(str(cause)) from None

    async def _is_public(self, channel: object) -> bool:
        """Return True if @everyone reads the channel, or the channel of a thread that isn't private."""
        if isinstance(channel, discord.Thread):
            return not channel.is_private() and await self._is_public(await self._channel(channel.parent_id))
        if not isinstance(channel, discord.abc.GuildChannel):
            return False
        everyone = await self._everyone(channel.guild)
        allowed, denied = channel.overwrites_for(everyone).pair()
        granted = discord.Permissions(everyone.permissions.value & ~denied.value | allowed.value)
        needed = _READING_IN_VOICE if isinstance(channel, discord.VoiceChannel | discord.StageChannel) else _READING
        return everyone.permissions.administrator or granted >= needed

    async def _everyone(self, guild: discord.Guild) -> discord.Role:
        """Return the server's role that everybody has, also in a process without the gateway."""
        known: discord.Role | None = guild.get_role(guild.id)
        if known is not None:
            return known
        try:
            with translate_discord_errors():
                return (await self._bot.fetch_guild(guild.id, with_counts=False)).default_role
        except Refused as cause:
            raise NowhereToPost(str(cause)) from None

    async def _is_age_restricted(self, channel: object) -> bool:
        """Return True for an age-restricted channel, and for the threads of one."""
        if isinstance(channel, discord.Thread):
            channel = await self._channel(channel.parent_id)
        return isinstance(channel, discord.abc.GuildChannel) and getattr(channel, "nsfw", False)
