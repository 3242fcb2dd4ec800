"""The buttons below the limits: to the forms that change them, and to channels, words, audit log and history."""

import asyncio
import re
from collections.abc import Collection
from enum import StrEnum
from functools import partial
from typing import Any, Final, Self

import discord
from discord import ui

from bot.generation.discord_port import DeliveryUnavailable
from bot.i18n import _
from bot.limits.policy import Scope
from bot.limits.rulebook import Rulebook
from cogs.limits.changes import LimitsCog, say
from cogs.limits.defaults import show_defaults
from cogs.limits.form import FormValues, LimitsForm
from cogs.limits.history import MemberChangesButton, show_history
from cogs.limits.target import EVERYONE, SERVER, Target
from cogs.limits.views import (
    channels_line,
    log_line,
    replies_line,
    showcase_line,
    spoilers_line,
    styles_line,
    words_list,
)
from cogs.shared.access import origin_of
from cogs.shared.answers import defer, open_form
from cogs.shared.command_links import link_of
from cogs.shared.command_permissions import roles_of
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.moderators import check_moderator
from cogs.shared.persistent import PersistentItem, cog_of

_ROLES_SECONDS: Final = 1.0  # Discord waits 3 for the form


class Section(StrEnum):
    """Another setting of moderators, by the name of its command."""

    CHANNELS = "channels"
    WORDS = "words"
    LOG = "log"
    SHOWCASE = "showcase"
    HISTORY = "history"
    DEFAULTS = "defaults"


class ChangeButton(
    PersistentItem[ui.Button[ui.LayoutView]],
    template=r"limits:change:(?P<scope>server|everyone|role|member):(?P<id>[0-9]{1,20})",
):
    """The button that opens the form of a target; it knows which, so that it outlives restarts."""

    def __init__(self, target: Target) -> None:
        custom_id = f"limits:change:{target.scope}:{target.id}"
        super().__init__(ui.Button(label=_change_label(target), emoji="✏️", custom_id=custom_id))
        self._target = target

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(Target(Scope(match["scope"]), int(match["id"])))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form with the current limits."""
        check_moderator(interaction)
        moderation = cog_of(interaction, LimitsCog).moderation
        rules = await moderation.rulebook(origin_of(interaction).server_key)
        role_ids = await self._role_ids(interaction, rules)
        when_empty = (
            None
            if role_ids is None
            else self._target.when_empty(rules, moderation.operator, role_ids, interaction.created_at)
        )
        values = FormValues(self._target.override(rules).limits, when_empty)
        await open_form(interaction, LimitsForm(self._target, moderation, values))

    async def _role_ids(self, interaction: discord.Interaction[Any], rules: Rulebook) -> Collection[int] | None:
        """Return a member's roles if they matter, or None if Discord doesn't send them in time."""
        if self._target.scope is not Scope.MEMBER or not rules.roles:
            return ()
        if interaction.guild is None:
            return None
        try:
            async with asyncio.timeout(_ROLES_SECONDS):
                with translate_discord_errors():
                    return roles_of(await interaction.guild.fetch_member(self._target.id))
        except (TimeoutError, Refused, DeliveryUnavailable):
            return None


class SectionButton(
    PersistentItem[ui.Button[ui.LayoutView]],
    template=r"limits:open:(?P<section>channels|words|log|showcase|history|defaults)",
):
    """The button that shows a section of the settings, privately."""

    def __init__(self, section: Section) -> None:
        super().__init__(ui.Button(label=_section_label(section), custom_id=f"limits:open:{section}"))
        self._section = section

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(Section(match["section"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Show the section, and the commands that change it."""
        check_moderator(interaction)
        moderation = cog_of(interaction, LimitsCog).moderation
        if self._section is Section.HISTORY:
            await show_history(moderation, interaction)
            return
        if self._section is Section.DEFAULTS:
            await show_defaults(moderation, interaction)
            return
        await defer(interaction)
        rules = await moderation.rulebook(origin_of(interaction).server_key)
        await say(interaction, section_words(self._section, rules, interaction.client.command_id("limits")))


def change_rows(target: Target | None) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return the buttons below a target's limits, or below those of everyone and the server."""
    if target is not None and target.scope is Scope.MEMBER:
        return [_row(ChangeButton(target), MemberChangesButton(target.id))]
    if target is not None:
        return [_row(ChangeButton(target))]
    sections = [SectionButton(section) for section in Section if section is not Section.DEFAULTS]
    return [_row(ChangeButton(EVERYONE), ChangeButton(SERVER), SectionButton(Section.DEFAULTS)), _row(*sections)]


def section_words(section: Section, rules: Rulebook, command_id: int | None) -> str:
    """Return a section's settings and the commands that change them, clickable once their id is known."""

    def of_limits(*names: str) -> str:
        return link_of(" ".join(("limits", *names)), command_id)

    command = partial(of_limits, section)

    match section:
        case Section.CHANNELS:
            shown = "\n".join([channels_line(rules), *replies_line(rules), *spoilers_line(rules), *styles_line(rules)])
            commands = [command(name) for name in ("allow", "deny", "remove", "clear", "replies", "spoilers", "style")]
        case Section.WORDS:
            shown, commands = words_list(rules), [command(name) for name in ("add", "remove", "test")]
        case Section.SHOWCASE:
            shown, commands = showcase_line(rules), [command()]
        case Section.LOG | Section.HISTORY | Section.DEFAULTS:
            shown, commands = log_line(rules), [command(), of_limits("summary")]
    how = _("Change: {commands}", commands=" · ".join(commands))
    return f"{shown}\n-# {how}"


def _change_label(target: Target) -> str:
    match target.scope:
        case Scope.SERVER:
            return _("Change the server's limits")
        case Scope.ROLE:
            return _("Change this role's limits")
        case Scope.MEMBER:
            return _("Change this member's limits")
        case Scope.EVERYONE | Scope.OPERATOR:
            return _("Change everyone's limits")


def _section_label(section: Section) -> str:
    match section:
        case Section.CHANNELS:
            return _("Channels")
        case Section.WORDS:
            return _("Blocked words")
        case Section.LOG:
            return _("Audit log")
        case Section.SHOWCASE:
            return _("Showcase")
        case Section.HISTORY:
            return _("History")
        case Section.DEFAULTS:
            return _("Defaults")


def _row(*buttons: ui.Item[Any]) -> ui.ActionRow[ui.LayoutView]:
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for button in buttons:
        row.add_item(button)
    return row
