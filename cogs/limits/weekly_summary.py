"""The summary of a server's week: turning it on, and posting it in the audit log channel."""

import io
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import partial
from typing import Final

import discord
import structlog
from discord import ui

from bot.errors import InvalidRequest
from bot.gateway.client import ImagineBot
from bot.gateway.voices import locale_of
from bot.generation.discord_port import NowhereToPost
from bot.i18n import _
from bot.limits.moderation import Moderation
from bot.limits.rulebook import Rulebook
from bot.limits.weekly_summary import WeeklySummary, days_of
from cogs.limits.access import check_may_write
from cogs.limits.changes import make_change, say
from cogs.limits.member_names import member_names
from cogs.limits.usage_view import CHART_FILE
from cogs.limits.weekly_summary_view import summary_card
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer
from cogs.shared.command_links import command_link
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.marked_files import CLOCKS_DIFFER_BY
from cogs.shared.messages import NONCE_CHARACTERS, OutgoingMessage, post_message

log = structlog.get_logger(__name__)

_SEARCHED_MESSAGES: Final = 1000


async def set_weekly_summary(moderation: Moderation, interaction: ImagineInteraction, *, on: bool) -> None:
    """Turn the summary on or off, and answer privately; raise `InvalidRequest` without a channel for it."""
    await defer(interaction)
    channel_id = (await moderation.rulebook(origin_of(interaction).server_key)).log_channel_id
    if on and channel_id is not None:
        await check_may_write(interaction, channel_id, "attach_files")
    words = await make_change(moderation, interaction, partial(_with_summary, on=on))
    if on:
        coming = _("Last week's comes in a few minutes, unless it's there already or nobody asked for a picture.")
        words = f"{words}\n{coming}"
    await say(interaction, words)


def _with_summary(rules: Rulebook, *, on: bool) -> Rulebook:
    if on and rules.log_channel_id is None:
        raise InvalidRequest(
            _(
                "The weekly summary is posted in the audit log channel, and there is none. Set one first with `/limits "
                "log`. Nothing was changed."
            )
        )
    return rules.with_weekly_summary(on=on)


class DiscordSummaries:
    """Posts summaries by the bot's own token."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot

    async def names(self, server_key: str, user_ids: Collection[int]) -> Mapping[int, str]:
        """Return what members are called in a server, without those who have left."""
        guild = await self._guild(_guild_id(server_key))
        with self._speaking(_guild_id(server_key), guild):
            return await member_names(guild, user_ids)

    async def is_posted(self, channel_id: int, week: date, since: datetime) -> bool:
        """Return True if the bot's summary of a week is seen in a channel among the messages since a moment."""
        channel, after = self._bot.get_partial_messageable(channel_id), since - CLOCKS_DIFFER_BY
        try:
            with translate_discord_errors():
                messages = channel.history(limit=_SEARCHED_MESSAGES, after=after)
                return any([self._is_summary(message, week) async for message in messages])
        except Refused as cause:
            log.info("weekly_summary_not_searched", channel=channel_id, cause=str(cause))
            return False

    async def post(self, server_key: str, channel_id: int, summary: WeeklySummary, chart: bytes | None) -> None:
        """Post a summary with its chart, or without it where no files may be posted; raise `NowhereToPost`.

        The nonce makes a second post within minutes the first one.
        """
        guild_id, place = _guild_id(server_key), self._bot.get_partial_messageable(channel_id)
        nonce = f"w{summary.activity.first:%y%m%d}{guild_id:x}"[:NONCE_CHARACTERS]
        guild = await self._guild(guild_id)
        try:
            with self._speaking(guild_id, guild):
                await post_message(place, self._outgoing(summary, chart), nonce)
        except Refused as cause:
            if chart is None or not cause.is_forbidden:
                raise NowhereToPost(str(cause)) from None
            await self.post(server_key, channel_id, summary, None)

    async def _guild(self, guild_id: int) -> discord.Guild | None:
        """Return a server, also before the gateway is connected; None if Discord doesn't have it for the bot."""
        try:
            with translate_discord_errors():
                return self._bot.get_guild(guild_id) or await self._bot.fetch_guild(guild_id, with_counts=False)
        except Refused:
            return None

    def _speaking(self, guild_id: int, guild: discord.Guild | None) -> AbstractContextManager[None]:
        """Speak the language of a server within the block."""
        speech = self._bot.speech
        return speech.spoken(speech.of_server(guild_id, locale_of(guild)))

    def _outgoing(self, summary: WeeklySummary, chart: bytes | None) -> Callable[[], OutgoingMessage]:
        def outgoing() -> OutgoingMessage:
            files = [] if chart is None else [discord.File(io.BytesIO(chart), CHART_FILE)]
            return OutgoingMessage(
                summary_card(summary, partial(command_link, self._bot), has_chart=chart is not None), files
            )

        return outgoing

    def _is_summary(self, message: discord.Message, week: date) -> bool:
        """Return True for a message of the bot's own with the days of a week, which are the same in any language."""
        if self._bot.user is None or message.author.id != self._bot.user.id:
            return False
        view = ui.LayoutView.from_message(message)
        words = [part.content for part in view.walk_children() if isinstance(part, ui.TextDisplay)]
        days = (week, days_of(week)[1])
        return any(all(day.isoformat() in text for day in days) for text in words)


def _guild_id(server_key: str) -> int:
    return int(server_key.partition(":")[2])
