"""`/usage`: pictures, credits and rejected requests of a server's members, for moderators."""

import asyncio
import io
from collections.abc import Iterable, Mapping
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.generation.discord_port import DeliveryUnavailable
from bot.i18n import _
from bot.limits.moderation import Moderation
from bot.picture.origin import NOBODY
from bot.reports.activity import Activity
from bot.reports.chart_worker import MEMBERS_SHOWN
from cogs.limits.usage_view import CHART_FILE, TABLE_FILE, nothing_used, table_of, usage_card
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.moderators import MODERATORS, check_moderator
from cogs.ui.notes import note


class Usage(commands.Cog):
    """Shows the server's figures, as a chart, as text and as a table."""

    def __init__(self, moderation: Moderation) -> None:
        self._moderation = moderation

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(MODERATORS)
    @app_commands.describe(
        days="Days to look back. 30 if empty",
        member="Show only this member",
        csv="Attach a CSV table with each day and member",
    )
    async def usage(
        self,
        interaction: ImagineInteraction,
        days: Literal[7, 30, 90] = 30,
        member: discord.User | None = None,
        csv: bool = False,
    ) -> None:
        """Show pictures, credits and refusals on this server."""
        check_moderator(interaction)
        await defer(interaction)
        user_id = member.id if member else None
        activity = await self._moderation.report(origin_of(interaction).server_key, days, user_id)
        if activity.lines:
            await self._show(interaction, activity, table=csv)
        else:
            await show(interaction, note(nothing_used(days, user_id)))

    async def _show(self, interaction: ImagineInteraction, activity: Activity, *, table: bool) -> None:
        drawn_most = [member.user_id for member in activity.by_member[:MEMBERS_SHOWN]]
        chart = await self._moderation.chart(activity, await _names(interaction.guild, drawn_most))
        contents = {CHART_FILE: chart} | ({TABLE_FILE: table_of(activity)} if table else {})
        await show(
            interaction,
            usage_card(activity, table=table),
            lambda: [discord.File(io.BytesIO(content), name) for name, content in contents.items()],
        )


async def _names(guild: discord.Guild | None, user_ids: Iterable[int]) -> Mapping[int, str]:
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
