"""`/usage`: a server's pictures, credits and rejected requests by day, member, channel and style, for moderators."""

import asyncio
import io
from collections.abc import Iterable
from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.generation.discord_port import DeliveryUnavailable
from bot.limits.moderation import Moderation
from bot.picture.style import NAME_MAX
from bot.picture.usage_figures import UsageFilter
from bot.reports.activity import UsageReport
from bot.reports.chart_worker import MEMBERS_SHOWN
from bot.styles.styles import Styles
from cogs.limits.member_names import member_names
from cogs.limits.usage_parts import PARTS_LISTED, Names, table_of
from cogs.limits.usage_view import CHART_FILE, TABLE_FILE, nothing_used, usage_card
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.moderators import MODERATORS, check_moderator
from cogs.shared.places import MessagePlace
from cogs.shared.style_choices import style_choices
from cogs.ui.notes import note


class Usage(commands.Cog):
    """Shows the server's figures, as a chart, as text and as a table."""

    def __init__(self, moderation: Moderation, styles: Styles) -> None:
        self._moderation = moderation
        self._styles = styles

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(MODERATORS)
    @app_commands.describe(
        days="Days to look back. 30 if empty",
        member="Show only this member",
        channel="Show only pictures from this channel or thread",
        style="Show only pictures in this style of the server",
        csv="Attach a CSV table by day, member, channel and style",
    )
    async def usage(
        self,
        interaction: ImagineInteraction,
        days: Literal[7, 30, 90] = 30,
        member: discord.User | None = None,
        channel: MessagePlace | None = None,
        style: Range[str, 1, NAME_MAX] | None = None,
        *,
        csv: bool = False,
    ) -> None:
        """Show pictures, credits and refusals on this server."""
        check_moderator(interaction)
        await defer(interaction)
        server_key = origin_of(interaction).server_key
        style_id = (await self._styles.find_of(server_key, style)).id if style else None
        only = UsageFilter(member.id if member else None, channel, style_id)
        report = await self._moderation.report(server_key, days, only)
        if report.activity.lines:
            await self._show(interaction, report, table=csv)
        else:
            await show(interaction, note(nothing_used(days, only)))

    @usage.autocomplete("style")
    async def _complete_style(self, interaction: ImagineInteraction, typed: str) -> list[Choice[str]]:
        of_server = self._styles.names.of(origin_of(interaction).server_key)
        return style_choices(of_server, typed, interaction.user.id)

    async def _show(self, interaction: ImagineInteraction, report: UsageReport, *, table: bool) -> None:
        activity, guild = report.activity, interaction.guild
        names = Names(
            {each.id: each.name for each in self._styles.names.of(origin_of(interaction).server_key)},
            await _deleted_channels(guild, [each.id for each in report.figures.channels[:PARTS_LISTED]]),
        )
        drawn_most = [member.user_id for member in activity.by_member[:MEMBERS_SHOWN]]
        chart = await self._moderation.chart(activity, await member_names(guild, drawn_most))
        contents = {CHART_FILE: chart} | ({TABLE_FILE: table_of(report.figures, names)} if table else {})
        await show(
            interaction,
            usage_card(report, names, table=table),
            lambda: [discord.File(io.BytesIO(content), name) for name, content in contents.items()],
        )


async def _deleted_channels(guild: discord.Guild | None, channel_ids: Iterable[int | None]) -> frozenset[int]:
    """Return those of some channels and threads that don't exist any more; a few requests side by side."""
    if guild is None:
        return frozenset()
    ids = [each for each in channel_ids if each]
    is_deleted = await asyncio.gather(*(_is_deleted(guild, each) for each in ids))
    return frozenset(each for each, deleted in zip(ids, is_deleted, strict=True) if deleted)


async def _is_deleted(guild: discord.Guild, channel_id: int) -> bool:
    if guild.get_channel_or_thread(channel_id) is not None:
        return False
    try:
        with translate_discord_errors():
            await guild.fetch_channel(channel_id)
    except Refused as refused:
        return refused.is_gone
    except DeliveryUnavailable:
        return False
    return False
