"""Members' names, for charts."""

import asyncio
from collections.abc import Iterable, Mapping

import discord

from bot.generation.discord_port import DeliveryUnavailable
from bot.i18n import _
from bot.picture.origin import NOBODY
from cogs.shared.discord_errors import Refused, translate_discord_errors


async def member_names(guild: discord.Guild | None, user_ids: Iterable[int]) -> Mapping[int, str]:
    """Return what members are called in a server, without those who have left; a few requests side by side."""
    if guild is None:
        return {}
    members = await asyncio.gather(*(_member(guild, user_id) for user_id in user_ids if user_id != NOBODY))
    return {NOBODY: _("deleted user")} | {member.id: member.display_name for member in members if member is not None}


async def _member(guild: discord.Guild, user_id: int) -> discord.Member | None:
    try:
        with translate_discord_errors():
            return guild.get_member(user_id) or await guild.fetch_member(user_id)
    except (Refused, DeliveryUnavailable):
        return None
