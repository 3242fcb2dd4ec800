"""`/pause`, `/resume` and the slowdown: nobody draws for a while, or everyone less often."""

from datetime import UTC, datetime
from typing import Final

from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.i18n import N_
from bot.limits.bounds import REASON_MAX
from bot.limits.moderation import Moderation
from bot.limits.rulebook import DrawingPause, Slowdown
from cogs.limits.access import UNTIL_MAX
from cogs.limits.changes import change_rules
from cogs.shared.access import ImagineInteraction
from cogs.shared.durations import parse_until
from cogs.shared.moderators import MODERATORS, check_moderator
from cogs.shared.places import Place
from cogs.ui.text import one_line

SLOWED_FOR: Final = "2h"
_UNTIL: Final = N_("For example 2h, 3d or 2030-12-31. Empty = until /resume")


class Pausing(commands.Cog):
    """Stops drawing for a server or a channel, and starts it again."""

    def __init__(self, moderation: Moderation) -> None:
        self._moderation = moderation

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(MODERATORS)
    @app_commands.describe(
        reason="Shown to members", channel="Only this channel, with its threads. Empty = the server", until=_UNTIL
    )
    async def pause(
        self,
        interaction: ImagineInteraction,
        reason: Range[str, 1, REASON_MAX] = "",
        channel: Place | None = None,
        until: Range[str, 1, UNTIL_MAX] | None = None,
    ) -> None:
        """Pause drawing on this server or in a channel. Pictures that were requested before still come."""
        check_moderator(interaction)
        end = None if until is None else parse_until(until, datetime.now(UTC))
        pause = DrawingPause(reason=one_line(reason), until=end)
        await change_rules(self._moderation, interaction, lambda rules: rules.with_pause(pause, channel))

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(MODERATORS)
    @app_commands.describe(channel="Channel that was paused. Empty = the server")
    async def resume(self, interaction: ImagineInteraction, channel: Place | None = None) -> None:
        """End a pause of this server or of a channel."""
        check_moderator(interaction)
        await change_rules(self._moderation, interaction, lambda rules: rules.with_pause(None, channel))


async def slow_down(
    moderation: Moderation, interaction: ImagineInteraction, cooldown_seconds: int | None, until: str
) -> None:
    """Give every member at least a cooldown for a while, or end that, and answer privately."""
    slowdown = None
    if cooldown_seconds:
        slowdown = Slowdown(cooldown_seconds=cooldown_seconds, until=parse_until(until, datetime.now(UTC)))
    await change_rules(moderation, interaction, lambda rules: rules.with_slowdown(slowdown))
