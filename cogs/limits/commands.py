"""`/limits`: what moderators see and set; channels and words are in `cogs.limits.access`."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from bot.errors import InvalidRequest
from bot.i18n import N_, _, and_list, option_shown
from bot.limits.audit_filter import AuditFilter, OtherRule, rule_of
from bot.limits.bounds import BOUNDS, REASON_MAX, SHARE_MAX, STARS_MAX
from bot.limits.moderation import Moderation
from bot.limits.policy import EXTRA_LIMITS, SERVER_LIMITS, Allowance, Limit, Scope
from bot.limits.rulebook import Rulebook, Showcase
from bot.picture.origin import NOBODY
from bot.styles.styles import Styles
from cogs.limits.access import (
    BLOCK,
    UNTIL_MAX,
    ChannelsGroup,
    RolesGroup,
    WordsGroup,
    block_member,
    check_may_write,
)
from cogs.limits.buttons import change_rows
from cogs.limits.ceilings import check_ceilings
from cogs.limits.changes import ModeratorsGroup, change_rules, make_change, say
from cogs.limits.defaults import show_defaults
from cogs.limits.history import show_history
from cogs.limits.history_view import rule_label
from cogs.limits.languages import LANGUAGE_MAX, language_choices, set_language
from cogs.limits.options import limit_options
from cogs.limits.pausing import SLOWED_FOR, slow_down
from cogs.limits.rules_transfer import IMPORT, export_rules, import_rules
from cogs.limits.target import Target
from cogs.limits.views import Overview, overview_card
from cogs.limits.weekly_summary import set_weekly_summary
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.command_links import command_link, link_of
from cogs.shared.command_permissions import roles_of
from cogs.shared.moderators import INSTALLED_ON_SERVERS, MODERATORS, ON_SERVERS, manages_server
from cogs.shared.places import MessagePlace
from cogs.ui.amounts import limit_label

# The commands that moderators need first come first; Discord keeps this order.
_ORDER = (
    *("show", "everyone", "server", "role", "extra", "member", "block", "unblock"),
    *(
        "channels",
        "access",
        "words",
        "defaults",
        "language",
        "log",
        "summary",
        "showcase",
        "slowdown",
        "share",
        "history",
        "reset",
        "export",
        "import",
    ),
)
_REFUSALS_SHOWN = 5
_UNLIMITED = N_("True: only the server's and operator's limits apply")


class Limits(ModeratorsGroup):
    """The one group of commands for moderators."""

    def __init__(self, moderation: Moderation, styles: Styles) -> None:
        super().__init__(
            moderation,
            name="limits",
            description=N_("Set limits, allowed channels and blocked words, and block members"),
            default_permissions=MODERATORS,
            allowed_contexts=ON_SERVERS,
            allowed_installs=INSTALLED_ON_SERVERS,
        )
        self.add_command(
            ChannelsGroup(
                moderation, styles, name="channels", description="Set the channels in which pictures are allowed"
            )
        )
        self.add_command(
            RolesGroup(moderation, name="access", description="Set the roles whose members can make pictures")
        )
        self.add_command(WordsGroup(moderation, name="words", description="Set the words that are blocked in prompts"))
        self.put_in_order(_ORDER)

    @app_commands.command()
    @app_commands.describe(member="Show this member's limits", role="Show this role's limits")
    async def show(
        self, interaction: ImagineInteraction, member: discord.User | None = None, role: discord.Role | None = None
    ) -> None:
        """Show current limits and usage."""
        if member is not None and role is not None:
            raise InvalidRequest(_("Choose a member or a role, not both."))
        await defer(interaction)
        origin, target = origin_of(interaction), None
        if member is not None:
            target = Target(Scope.MEMBER, member.id)
            theirs = {"user_id": member.id, "role_ids": roles_of(member), "moderates": manages_server(member)}
            origin = origin.model_copy(update=theirs)
        elif role is not None:
            target = Target(Scope.ROLE, role.id)
            origin = origin.model_copy(update={"user_id": NOBODY, "role_ids": frozenset({role.id})})
        rulebook = await self._moderation.rulebook(origin.server_key)
        status = await self._moderation.status(origin)
        overview = Overview(rulebook, status, target, origin.role_ids, interaction.created_at)
        if member is not None:
            refusals = await self._moderation.refusals(origin.server_key, member.id, limit=_REFUSALS_SHOWN)
            pictures = link_of("history", interaction.client.command_id("history"))
            overview = replace(overview, refusals=refusals, pictures=pictures)
        await show(interaction, overview_card(overview, change_rows(target)))

    @app_commands.command()
    @limit_options(SERVER_LIMITS)
    async def server(self, interaction: ImagineInteraction, /, **limits: float | None) -> None:
        """Set the limits for all members in total."""
        await self._set(interaction, Scope.SERVER, 0, limits)

    @app_commands.command()
    @limit_options(Limit)
    async def everyone(self, interaction: ImagineInteraction, /, **limits: float | None) -> None:
        """Set the default limit for every member. Role and member limits override it."""
        await self._set(interaction, Scope.EVERYONE, 0, limits)

    @app_commands.command()
    @app_commands.describe(role="Role to limit", unlimited=_UNLIMITED)
    @limit_options(Limit)
    async def role(
        self,
        interaction: ImagineInteraction,
        /,
        role: discord.Role,
        unlimited: bool | None = None,
        **limits: float | None,
    ) -> None:
        """Set the limits of a role. With several roles, a member gets the most generous."""
        await self._set(interaction, Scope.ROLE, role.id, limits, unlimited=unlimited)

    @app_commands.command()
    @app_commands.describe(role="Role whose members get more")
    @limit_options(EXTRA_LIMITS)
    async def extra(self, interaction: ImagineInteraction, /, role: discord.Role, **limits: float | None) -> None:
        """Let a role's members have more than everyone. Several such roles add up."""
        chosen = _filled_in(limits)
        await change_rules(self._moderation, interaction, partial(_with_extras, role_id=role.id, chosen=chosen))

    @app_commands.command()
    @app_commands.describe(member="Member to limit", unlimited=_UNLIMITED)
    @limit_options(Limit)
    async def member(
        self,
        interaction: ImagineInteraction,
        /,
        member: discord.User,
        unlimited: bool | None = None,
        **limits: float | None,
    ) -> None:
        """Set the limits of one member. They override role limits and everyone's."""
        await self._set(interaction, Scope.MEMBER, member.id, limits, unlimited=unlimited)

    @app_commands.command()
    @app_commands.describe(
        scope="Whose limits to remove", role="Role, if you chose role", member="Member, if you chose member"
    )
    @app_commands.choices(scope=[Choice(name=each.value, value=each.value) for each in Scope if each != Scope.OPERATOR])
    async def reset(
        self,
        interaction: ImagineInteraction,
        scope: str,
        role: discord.Role | None = None,
        member: discord.User | None = None,
    ) -> None:
        """Remove all limits that were set for the server, everyone, a role or a member."""
        subjects: dict[Scope, Any] = {Scope.ROLE: role, Scope.MEMBER: member}
        chosen = Scope(scope)
        if chosen in subjects and subjects[chosen] is None:
            raise InvalidRequest(_("Fill in the option `{option}` too.", option=option_shown(scope)))
        subject_id = subjects[chosen].id if chosen in subjects else 0
        await change_rules(self._moderation, interaction, lambda rules: rules.without(chosen, subject_id))

    @app_commands.command(name=BLOCK)
    @app_commands.describe(
        member="Member to block",
        reason="Shown to the member",
        until="For example 2h, 3d or 2030-12-31. Empty = permanent",
    )
    async def block(
        self,
        interaction: ImagineInteraction,
        member: discord.User,
        reason: Range[str, 1, REASON_MAX] = "",
        until: Range[str, 1, UNTIL_MAX] | None = None,
    ) -> None:
        """Block a member from drawing and cancel their waiting pictures."""
        await block_member(self._moderation, interaction, member.id, reason, until)

    @app_commands.command()
    @app_commands.describe(member="Member to unblock")
    async def unblock(self, interaction: ImagineInteraction, member: discord.User) -> None:
        """Let a blocked member draw again."""
        await change_rules(self._moderation, interaction, lambda rules: rules.with_block(member.id, None))

    @app_commands.command()
    @app_commands.describe(channel="Channel for the audit log. Empty = off")
    async def log(self, interaction: ImagineInteraction, channel: MessagePlace | None = None) -> None:
        """Post the audit log (changes and refused requests) in a channel, or turn it off."""
        if channel is not None:
            await defer(interaction)  # the server may not be known yet
            await check_may_write(interaction, channel)
        await change_rules(self._moderation, interaction, lambda rules: rules.with_log_channel(channel))

    @app_commands.command()
    @app_commands.describe(on="True: post it on Mondays. False: don't")
    async def summary(self, interaction: ImagineInteraction, on: bool) -> None:
        """Post a weekly summary with a chart in the audit log channel."""
        await set_weekly_summary(self._moderation, interaction, on=on)

    @app_commands.command()
    @app_commands.describe(
        channel="Channel for the showcase. Empty = off", stars="How many other members must keep the picture. Default 3"
    )
    async def showcase(
        self, interaction: ImagineInteraction, channel: MessagePlace | None = None, stars: Range[int, 1, STARS_MAX] = 3
    ) -> None:
        """Show pictures that members keep as favourites in a channel, or turn it off."""
        chosen = None if channel is None else Showcase(channel_id=channel, stars=stars)
        if channel is not None:
            await defer(interaction)  # the server may not be known yet
            await check_may_write(interaction, channel, "attach_files")
        await change_rules(self._moderation, interaction, lambda rules: rules.with_showcase(chosen))

    @app_commands.command()
    async def defaults(self, interaction: ImagineInteraction) -> None:
        """Show and change what applies to new pictures where members choose nothing."""
        await show_defaults(self._moderation, interaction)

    @app_commands.command()
    @app_commands.describe(language="Empty = the requesting member's language")
    async def language(
        self, interaction: ImagineInteraction, language: Range[str, 1, LANGUAGE_MAX] | None = None
    ) -> None:
        """Set the language of public messages."""
        await set_language(self._moderation, interaction, language)

    @language.autocomplete("language")
    async def _complete_language(self, interaction: ImagineInteraction, typed: str) -> list[Choice[str]]:
        return language_choices(interaction.client.languages, typed)

    @app_commands.command()
    @app_commands.describe(
        moderator="Only changes by this moderator", member="Only changes about this member", rule="Only this rule"
    )
    @app_commands.choices(rule=[Choice(name=rule_label(each), value=each.value) for each in (*Limit, *OtherRule)])
    async def history(
        self,
        interaction: ImagineInteraction,
        moderator: discord.User | None = None,
        member: discord.User | None = None,
        rule: str | None = None,
    ) -> None:
        """Show who changed what and when, and undo changes."""
        by_id, member_id = (None if each is None else each.id for each in (moderator, member))
        asked = AuditFilter(by_id, member_id, None if rule is None else rule_of(rule))
        await show_history(self._moderation, interaction, asked)

    @app_commands.command()
    @app_commands.describe(
        cooldown="Least seconds between two pictures of a member. Empty = off",
        until="For example 2h, 3d or 2030-12-31. 2h if empty",
    )
    async def slowdown(
        self,
        interaction: ImagineInteraction,
        cooldown: Range[int, 1, int(BOUNDS[Limit.COOLDOWN].most)] | None = None,
        until: Range[str, 1, UNTIL_MAX] = SLOWED_FOR,
    ) -> None:
        """Give every member a cooldown for a while, whatever other limits they have."""
        await slow_down(self._moderation, interaction, cooldown, until)

    @app_commands.command()
    @app_commands.describe(percent="Of the credits left for the server in 30 days. Empty = off")
    async def share(self, interaction: ImagineInteraction, percent: Range[int, 1, SHARE_MAX] | None = None) -> None:
        """Let each member use a share of the server's credits in 24 hours."""
        words = await make_change(self._moderation, interaction, lambda rules: rules.with_share(percent))
        server = (await self._moderation.limits_for_everyone(origin_of(interaction).server_key))[Scope.SERVER]
        if percent is not None and Limit.CREDITS_PER_MONTH not in server:
            link = command_link(interaction.client, f"limits {Scope.SERVER}")
            missing = _(
                "⚠️ There is nothing to share yet: set the server's `credits_per_month` with {command}.", command=link
            )
            words = f"{words}\n{missing}"
        await say(interaction, words)

    @app_commands.command()
    async def export(self, interaction: ImagineInteraction) -> None:
        """Get all rules of this server as a file, for another server or as a backup."""
        await export_rules(self._moderation, interaction)

    @app_commands.command(name=IMPORT)
    @app_commands.describe(file="File from /limits export")
    async def import_(self, interaction: ImagineInteraction, file: discord.Attachment) -> None:
        """Replace all rules of this server with those of a file, once you have seen the changes."""
        await import_rules(self._moderation, interaction, file)

    async def _set(
        self,
        interaction: ImagineInteraction,
        scope: Scope,
        subject_id: int,
        limits: Mapping[str, float | None],
        *,
        unlimited: bool | None = None,
    ) -> None:
        chosen = _filled_in(limits, needed=unlimited is None)
        check_ceilings(self._moderation.operator, scope, chosen)
        await change_rules(
            self._moderation,
            interaction,
            lambda rules: rules.with_limits(scope, subject_id, chosen, unlimited=unlimited),
        )


def _filled_in(limits: Mapping[str, float | None], *, needed: bool = True) -> Allowance:
    """Return the options that were filled in; raise `InvalidRequest` if one is needed and none is."""
    chosen = {Limit(name): value for name, value in limits.items() if value is not None}
    if needed and not chosen:
        raise InvalidRequest(_("Fill in at least one option, for example `images_per_day`."))
    return chosen


def _with_extras(rules: Rulebook, role_id: int, chosen: Allowance) -> Rulebook:
    """Return the rules with a role's extras; raise `InvalidRequest` if everyone's limit is missing."""
    missing = [limit_label(limit) for limit, value in chosen.items() if value and limit not in rules.everyone]
    if missing:
        raise InvalidRequest(
            _(
                "A role's extra is added to everyone's limit, and everyone has none for: {limits}. Set it first with "
                "`/limits everyone`. Nothing was changed.",
                limits=and_list(missing),
            )
        )
    return rules.with_extras(role_id, chosen)
