"""Greeting a server that the bot has just joined: once, where people see it."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Final

import discord
import structlog
from discord import ui
from discord.ext import commands

from bot.errors import StorageUnavailable
from bot.gateway.client import ImagineBot
from bot.generation.discord_port import DeliveryUnavailable
from bot.limits.moderation import Moderation
from bot.limits.policy import Effective, Scope
from cogs.shared.command_links import command_link
from cogs.shared.command_permissions import missing_to_post
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.plainer import Plainer
from cogs.ui.greeting import greeting_card

log = structlog.get_logger(__name__)

_CHANNELS_TRIED: Final = 5  # Discord bans clients that are refused too often
_TRIES: Final = 3
_PAUSE_SECONDS: Final = 2.0
_NONCE_CHARACTERS: Final = 25  # Discord's bound


class Greeting(commands.Cog):
    """Posts one message when the bot joins a server.

    discord.py reports a join only for a server that it didn't know: not at a start, at a reconnect, or when an outage
    ends.
    """

    def __init__(self, bot: ImagineBot, moderation: Moderation) -> None:
        self._bot = bot
        self._moderation = moderation

    @commands.Cog.listener("on_guild_join")
    async def greet(self, guild: discord.Guild) -> None:
        """Post the greeting in the first channel that accepts it."""
        limits = await self._limits(guild)
        with self._bot.speaking_in(guild.id):
            card = greeting_card(partial(command_link, self._bot), limits)
        for channel in islice(_places(guild), _CHANNELS_TRIED):
            try:
                await _post(channel, card, _nonce(guild))
            except Refused as cause:
                log.info("greeting_refused", guild_id=guild.id, channel_id=channel.id, cause=str(cause))
            except DeliveryUnavailable as cause:  # it may be there, so no other channel gets one
                log.warning("greeting_in_doubt", guild_id=guild.id, cause=str(cause))
                return
            else:
                return
        log.info("greeting_has_no_place", guild_id=guild.id)

    async def _limits(self, guild: discord.Guild) -> dict[Scope, Effective] | None:
        try:
            return await self._moderation.limits_for_everyone(str(guild.id))
        except StorageUnavailable as cause:
            log.warning("greeting_without_limits", guild_id=guild.id, cause=cause.reason)
            return None


def _places(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    """Yield the channels where the bot may write: the system channel, then the others from top to bottom."""
    system = guild.system_channel
    others = [channel for channel in guild.text_channels if channel != system]
    for channel in ([] if system is None else [system]) + others:
        if not missing_to_post(channel.permissions_for(guild.me), channel):
            yield channel


async def _post(channel: discord.TextChannel, card: ui.LayoutView, nonce: str) -> None:
    """Post once; the nonce makes another try, also of another process, the same message."""
    for _ in range(_TRIES - 1):
        with suppress(DeliveryUnavailable):
            await _send(channel, card, nonce)
            return
        await asyncio.sleep(_PAUSE_SECONDS)
    await _send(channel, card, nonce)


async def _send(channel: discord.TextChannel, card: ui.LayoutView, nonce: str) -> None:
    plainer = Plainer()
    while True:
        with plainer:
            shown = plainer(card)
            with translate_discord_errors():
                await channel.send(view=shown, nonce=nonce)
            return


def _nonce(guild: discord.Guild) -> str:
    """Return the same text for every process that sees this join, and another for the next one."""
    joined_at = guild.me.joined_at
    return f"{guild.id:x}-{0 if joined_at is None else int(joined_at.timestamp()):x}"[:_NONCE_CHARACTERS]
