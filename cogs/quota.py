"""`/quota`: what is left for a member, what limits it, and when it frees up."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ImagineBot
from bot.limits.activity import Activity
from cogs.doors import ImagineInteraction, check_place, origin_of
from cogs.ui.quota import quota_card
from cogs.ui.usage import CHART_FILE

_CHART_DAYS = 30
_NO_MENTIONS = discord.AllowedMentions.none()


class Quota(commands.Cog):
    """Shows members their own figures."""

    def __init__(self, bot: ImagineBot) -> None:
        self._moderation = bot.generations.moderation

    @app_commands.command()
    @app_commands.describe(chart="Add a chart of what you used in the last 30 days")
    async def quota(self, interaction: ImagineInteraction, chart: bool = False) -> None:
        """See what is left for you here, and when more frees up."""
        check_place(interaction.client.settings, interaction.guild_id)
        await interaction.response.defer(ephemeral=True, thinking=True)
        origin = origin_of(interaction)
        standing = await self._moderation.standing(origin)
        activity, files = None, []
        if chart:
            activity = await self._moderation.report(origin.server_key, _CHART_DAYS, origin.user_id)
            files = await self._drawn(activity)
        card = quota_card(standing, activity, in_server=origin.guild_id is not None)
        await interaction.edit_original_response(view=card, attachments=files, allowed_mentions=_NO_MENTIONS)

    async def _drawn(self, activity: Activity) -> list[discord.File]:
        if not activity.lines:
            return []
        return [discord.File(io.BytesIO(await self._moderation.chart(activity, {})), CHART_FILE)]


async def setup(bot: ImagineBot) -> None:
    """Add this cog."""
    await bot.add_cog(Quota(bot))
