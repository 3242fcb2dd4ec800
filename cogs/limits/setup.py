"""`/setup`: one card that leads a moderator through channels, roles, limits and the audit log."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Self

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.errors import InvalidRequest
from bot.i18n import _
from bot.limits.ledger import Operator
from bot.limits.moderation import Moderation
from bot.limits.rulebook import Rulebook, changes_between
from bot.limits.setup import FIGURES, Figures, SetupChoice, Template, current_choice, figures_of, fingerprint, scope_of
from cogs.limits.ceilings import check_ceilings
from cogs.limits.changes import LimitsCog, changed_words
from cogs.limits.history import UndoButton
from cogs.limits.history_view import AuditPage
from cogs.limits.languages import language_in
from cogs.limits.setup_card import (
    CHANNELS,
    LANGUAGE,
    ROLES,
    TEMPLATE,
    Menu,
    SetupNotes,
    card_texts,
    chosen_in,
    menus,
    notes_on,
    preview,
    problems,
    with_template,
)
from cogs.limits.setup_form import FiguresForm
from cogs.shared.access import ImagineInteraction, known_guild, origin_of
from cogs.shared.answers import defer, open_form, show
from cogs.shared.moderators import MODERATORS, check_moderator
from cogs.shared.persistent import PersistentItem, cog_of
from cogs.ui.notes import note

_COMMAND: Final = "/setup"


class Setup(commands.Cog):
    """Shows the card."""

    def __init__(self, moderation: Moderation) -> None:
        self._moderation = moderation

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(MODERATORS)
    async def setup(self, interaction: ImagineInteraction) -> None:
        """Choose channels, roles, limits and the audit log on one card, and apply them as one change."""
        check_moderator(interaction)
        await defer(interaction)
        rules = await self._moderation.rulebook(origin_of(interaction).server_key)
        await show_card(self._moderation, interaction, rules, current_choice(rules))


async def show_card(
    moderation: Moderation, interaction: ImagineInteraction, rules: Rulebook, choice: SetupChoice
) -> None:
    """Show the choices in the place of the answer, or of the card before."""
    notes = notes_on(await known_guild(interaction), rules, choice, interaction.client.languages.codes)
    await show(interaction, setup_card(moderation.operator, rules, choice, notes))


def setup_card(operator: Operator, rules: Rulebook, choice: SetupChoice, notes: SetupNotes) -> ui.LayoutView:
    """Return the card with some choices, beside the rules of now."""
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=discord.Colour.blurple())
    box.add_item(ui.TextDisplay(_("**Set me up in a minute.** Nothing changes until you press **Apply**.")))
    shown = menus(rules, choice, operator, notes.languages)
    for part, words in card_texts(rules, choice, notes).items():
        box.add_item(ui.TextDisplay(words))
        if part in shown:
            box.add_item(_row(SetupMenu(part, shown[part])))
    box.add_item(ui.Separator())
    box.add_item(ui.TextDisplay(preview(rules, choice, notes)))
    changes = bool(changes_between(rules, choice.applied(rules)))
    box.add_item(_row(ApplyButton(fingerprint(rules), enabled=changes), FiguresButton()))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    return view


class SetupMenu(PersistentItem[Menu], template=r"setup:(?P<part>channels|roles|template|log|language)"):
    """A menu of the card; the card holds the other choices."""

    def __init__(self, part: str, menu: Menu) -> None:
        super().__init__(menu)
        self._part = part

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, menu: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Return the menu that was chosen from."""
        if not isinstance(menu, ui.ChannelSelect | ui.RoleSelect | ui.Select):
            raise TypeError(f"{match.string} is {menu!r}")
        return cls(match["part"], menu)

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Show the card with the new choice."""
        await change_card(interaction, lambda choice: self._chosen(interaction, choice))

    def _chosen(self, interaction: discord.Interaction[Any], choice: SetupChoice) -> SetupChoice:
        data: Any = interaction.data
        values: list[str] = data["values"]
        if self._part == TEMPLATE:
            return with_template(choice, values[0], cog_of(interaction, LimitsCog).moderation.operator)
        if self._part == LANGUAGE:
            return replace(choice, language=language_in(values[0]))
        ids = frozenset(map(int, values))
        if self._part == CHANNELS:
            return replace(choice, channels=ids)
        if self._part == ROLES:  # everyone has the role with the server's id
            return replace(choice, roles=frozenset() if interaction.guild_id in ids else ids)
        return replace(choice, log_channel_id=next(iter(ids), None))


async def change_card(interaction: discord.Interaction[Any], edit: Callable[[SetupChoice], SetupChoice]) -> None:
    """Show the card of an interaction with other choices."""
    check_moderator(interaction)
    moderation = cog_of(interaction, LimitsCog).moderation
    choice = _choice_of(interaction, moderation)
    await defer(interaction, thinking=False)
    rules = await moderation.rulebook(origin_of(interaction).server_key)
    await show_card(moderation, interaction, rules, edit(choice))


def _choice_of(interaction: discord.Interaction[Any], moderation: Moderation) -> SetupChoice:
    try:
        if interaction.message is not None:
            return chosen_in(interaction.message, moderation.operator)
    except (ValueError, KeyError, StopIteration):
        pass
    raise InvalidRequest(_("I can't read this card any more. Nothing was changed. Use `/setup` again."))


class FiguresButton(PersistentItem[ui.Button[ui.LayoutView]], template=r"setup:figures"):
    """The button that opens the form of the figures."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label=_("Change the figures"), emoji="✏️", custom_id="setup:figures"))

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], ___: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls()

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form with the figures of the chosen template."""
        check_moderator(interaction)
        moderation = cog_of(interaction, LimitsCog).moderation
        choice = _choice_of(interaction, moderation)
        rules = await moderation.rulebook(origin_of(interaction).server_key)

        async def save(submitted: discord.Interaction[Any], figures: Figures) -> None:
            await change_card(submitted, lambda now: replace(now, template=Template.CUSTOM, figures=dict(figures)))

        figures = figures_of(rules) | dict(choice.figures)
        await open_form(interaction, FiguresForm(moderation.operator, figures, save))


class ApplyButton(PersistentItem[ui.Button[ui.LayoutView]], template=r"setup:apply:(?P<rules>[0-9a-f]{16})"):
    """The button that applies the card; it knows for which rules the card showed the changes."""

    def __init__(self, rules: str, *, enabled: bool = True) -> None:
        style = discord.ButtonStyle.primary
        super().__init__(
            ui.Button(label=_("Apply"), style=style, custom_id=f"setup:apply:{rules}", disabled=not enabled)
        )
        self._rules = rules

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(match["rules"])

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Apply everything as one change, or nothing."""
        check_moderator(interaction)
        moderation = cog_of(interaction, LimitsCog).moderation
        choice = _choice_of(interaction, moderation)
        await defer(interaction, thinking=False)
        _check_figures(moderation, choice)
        guild = await known_guild(interaction)
        key = origin_of(interaction).server_key
        entry = await moderation.change(
            key, interaction.user.id, _COMMAND, lambda rules: self._applied(guild, rules, choice)
        )
        undo = [] if entry is None else [_row(UndoButton(entry.id, AuditPage()))]
        await show(interaction, note(changed_words(entry), undo))

    def _applied(self, guild: discord.Guild, rules: Rulebook, choice: SetupChoice) -> Rulebook:
        if fingerprint(rules) != self._rules:
            raise InvalidRequest(
                _("The rules have changed since this card was shown. Nothing was changed. Use `/setup` again.")
            )
        wrong = problems(guild, rules, choice)
        if wrong:
            raise InvalidRequest("\n".join([*wrong, _("Nothing was changed.")]))
        return choice.applied(rules)


def _check_figures(moderation: Moderation, choice: SetupChoice) -> None:
    """Raise `InvalidRequest` if the operator's limits don't allow a figure, for example since they were lowered."""
    for limit in FIGURES:
        value = choice.figures.get(limit)
        if value is not None:
            check_ceilings(moderation.operator, scope_of(limit), {limit: value})


def _row(*items: ui.Item[Any]) -> ui.ActionRow[ui.LayoutView]:
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for item in items:
        row.add_item(item)
    return row
