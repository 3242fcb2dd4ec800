"""`/limits`: what moderators see and set; channels and words are in `cogs.limits.access`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from bot.errors import InvalidRequest
from bot.limits.moderation import Moderation
from bot.limits.policy import SERVER_LIMITS, Limit, Scope
from bot.limits.rulebook import Block
from cogs.limits.access import ChannelsGroup, LogPlace, WordsGroup, check_may_write
from cogs.limits.ceilings import check_ceilings
from cogs.limits.changes import MODERATORS, ModeratorsGroup, change_rules, make_change, say
from cogs.limits.durations import parse_until
from cogs.limits.form import ChangeButton
from cogs.limits.history import show_history
from cogs.limits.options import limit_options
from cogs.limits.views import Overview, overview_card
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.command_permissions import roles_of
from cogs.ui.text import one_line

_UNLIMITED = "Only the server's totals and the operator's limits hold"


class Limits(ModeratorsGroup):
    """The one group of commands for moderators."""

    def __init__(self, moderation: Moderation) -> None:
        super().__init__(
            moderation,
            name="limits",
            description="Who may draw how much, where, and with which words",
            default_permissions=MODERATORS,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self.add_command(ChannelsGroup(moderation, name="channels", description="Where I draw"))
        self.add_command(WordsGroup(moderation, name="words", description="Words that no prompt may have"))

    @app_commands.command()
    @app_commands.describe(member="What it means for this member")
    async def show(self, interaction: ImagineInteraction, member: discord.User | None = None) -> None:
        """See what holds, and what is used of it."""
        await defer(interaction)
        origin = origin_of(interaction)
        if member is not None:
            origin = origin.model_copy(update={"user_id": member.id, "role_ids": roles_of(member)})
        rulebook = await self._moderation.rulebook(origin.server_key)
        status = await self._moderation.status(origin)
        member_id = None if member is None else member.id
        overview = Overview(rulebook, status, member_id, origin.role_ids, interaction.created_at)
        row: discord.ui.ActionRow[discord.ui.LayoutView] = discord.ui.ActionRow()
        row.add_item(ChangeButton())
        await show(interaction, overview_card(overview, [row]))

    @app_commands.command()
    @limit_options(SERVER_LIMITS)
    async def server(self, interaction: ImagineInteraction, /, **limits: float | None) -> None:
        """Limit the server as a whole."""
        await self._set(interaction, Scope.SERVER, 0, limits)

    @app_commands.command()
    @limit_options(Limit)
    async def everyone(self, interaction: ImagineInteraction, /, **limits: float | None) -> None:
        """Limit each member, unless their role or they themselves have an own limit."""
        await self._set(interaction, Scope.EVERYONE, 0, limits)

    @app_commands.command()
    @app_commands.describe(role="Whose members", unlimited=_UNLIMITED)
    @limit_options(Limit)
    async def role(
        self,
        interaction: ImagineInteraction,
        /,
        role: discord.Role,
        unlimited: bool | None = None,
        **limits: float | None,
    ) -> None:
        """Limit each member with a role; of several roles, the most generous holds."""
        await self._set(interaction, Scope.ROLE, role.id, limits, unlimited=unlimited)

    @app_commands.command()
    @app_commands.describe(member="Whom", unlimited=_UNLIMITED)
    @limit_options(Limit)
    async def member(
        self,
        interaction: ImagineInteraction,
        /,
        member: discord.User,
        unlimited: bool | None = None,
        **limits: float | None,
    ) -> None:
        """Limit one member, in place of what their roles and everyone have."""
        await self._set(interaction, Scope.MEMBER, member.id, limits, unlimited=unlimited)

    @app_commands.command()
    @app_commands.describe(scope="What to reset", role="Which role", member="Which member")
    @app_commands.choices(scope=[Choice(name=each.value, value=each.value) for each in Scope if each != Scope.OPERATOR])
    async def reset(
        self,
        interaction: ImagineInteraction,
        scope: str,
        role: discord.Role | None = None,
        member: discord.User | None = None,
    ) -> None:
        """Take back every limit that was set for the server, everyone, a role or a member."""
        subjects: dict[Scope, Any] = {Scope.ROLE: role, Scope.MEMBER: member}
        chosen = Scope(scope)
        if chosen in subjects and subjects[chosen] is None:
            raise InvalidRequest(f"Say which {scope}: fill in the option `{scope}` too.")
        subject_id = subjects[chosen].id if chosen in subjects else 0
        await change_rules(self._moderation, interaction, lambda rules: rules.without(chosen, subject_id))

    @app_commands.command()
    @app_commands.describe(
        member="Who may not draw any more",
        reason="The member is told it",
        until="Such as 2h, 3d, or a date; for good without it",
    )
    async def block(
        self,
        interaction: ImagineInteraction,
        member: discord.User,
        reason: Range[str, 1, 300] = "",
        until: Range[str, 1, 40] | None = None,
    ) -> None:
        """Keep a member from drawing, and cancel what they have waiting."""
        end = None if until is None else parse_until(until, datetime.now(UTC))
        entry = Block(reason=one_line(reason), until=end)
        words = await make_change(self._moderation, interaction, lambda rules: rules.with_block(member.id, entry))
        server_key = origin_of(interaction).server_key
        cancelled = await self._moderation.cancel_waiting(server_key, member.id)
        await say(
            interaction, f"{words}\n{cancelled} waiting picture{'s' if cancelled != 1 else ''} cancelled and refunded."
        )

    @app_commands.command()
    @app_commands.describe(member="Who may draw again")
    async def unblock(self, interaction: ImagineInteraction, member: discord.User) -> None:
        """Let a blocked member draw again."""
        await change_rules(self._moderation, interaction, lambda rules: rules.with_block(member.id, None))

    @app_commands.command()
    @app_commands.describe(channel="Where every change and refusal is written down; nowhere without it")
    async def log(self, interaction: ImagineInteraction, channel: LogPlace | None = None) -> None:
        """Choose the channel in which changes and refusals are written down."""
        if channel is not None:
            await defer(interaction)  # the server may not be known yet
            await check_may_write(interaction, channel)
        await change_rules(self._moderation, interaction, lambda rules: rules.with_log_channel(channel))

    @app_commands.command()
    async def history(self, interaction: ImagineInteraction) -> None:
        """See who changed what and when, and take changes back."""
        await show_history(self._moderation, interaction, page=0)

    async def _set(
        self,
        interaction: ImagineInteraction,
        scope: Scope,
        subject_id: int,
        limits: Mapping[str, float | None],
        *,
        unlimited: bool | None = None,
    ) -> None:
        chosen = {Limit(name): value for name, value in limits.items() if value is not None}
        if not chosen and unlimited is None:
            raise InvalidRequest("Say what to change: fill in at least one of the options, such as `images_per_day`.")
        check_ceilings(self._moderation.operator, scope, chosen)
        await change_rules(
            self._moderation,
            interaction,
            lambda rules: rules.with_limits(scope, subject_id, chosen, unlimited=unlimited),
        )
