"""`/quota`: a member's remaining quota, its limits, and when more becomes available."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.limits.moderation import Moderation
from bot.picture.usage_figures import UsageFilter
from cogs.limits.quota_view import quota_card
from cogs.limits.usage_view import CHART_FILE
from cogs.shared.access import ImagineInteraction, check_place, origin_of
from cogs.shared.answers import defer, show

_CHART_DAYS = 30


class Quota(commands.Cog):
    """Shows members their own figures."""

    def __init__(self, moderation: Moderation) -> None:
        self._moderation = moderation

    @app_commands.command()
    @app_commands.describe(chart="Add a chart of your last 30 days")
    async def quota(self, interaction: ImagineInteraction, chart: bool = False) -> None:
        """Show what you have left here, and when you get more."""
        check_place(interaction.client.settings, interaction.guild_id)
        await defer(interaction)
        origin = origin_of(interaction)
        status = await self._moderation.status(origin)
        activity, drawn = None, None
        if chart:
            of_member = UsageFilter(origin.user_id)
            activity = (await self._moderation.report(origin.server_key, _CHART_DAYS, of_member)).activity
            drawn = await self._moderation.chart(activity, {}) if activity.lines else None
        card = quota_card(status, activity, in_server=origin.guild_id is not None)
        await show(interaction, card, lambda: [] if drawn is None else [discord.File(io.BytesIO(drawn), CHART_FILE)])
