"""The history of a server's rules, page by page, with a button that undoes a change."""

import re
from dataclasses import replace
from typing import Any, Self

import discord
from discord import ui

from bot.i18n import _
from bot.limits.audit_filter import ALL_CHANGES, AuditFilter
from bot.limits.moderation import Moderation, UndoResult
from cogs.limits.change_text import subjects
from cogs.limits.changes import LimitsCog, changed_words, say
from cogs.limits.history_view import FILTER_ID, PER_PAGE, AuditPage, rule_history_card
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.moderators import check_moderator
from cogs.shared.persistent import PersistentItem, cog_of


class UndoButton(
    PersistentItem[ui.Button[ui.LayoutView]],
    template=rf"limits:undo:(?P<id>[0-9]{{1,9}}):(?P<page>[0-9]{{1,6}}){FILTER_ID}",
):
    """The button beside a change; it knows which, so that it outlives restarts."""

    def __init__(self, change_id: int, asked: AuditPage) -> None:
        super().__init__(ui.Button(label=_("Undo"), custom_id=f"limits:undo:{change_id}:{asked.custom_id}"))
        self._change_id = change_id
        self._asked = asked

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(int(match["id"]), AuditPage.parse(match))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Undo the change and show the page again."""
        check_moderator(interaction)
        await defer(interaction, thinking=False)
        key = origin_of(interaction).server_key
        moderation = cog_of(interaction, LimitsCog).moderation
        done = await moderation.undo(key, interaction.user.id, self._change_id)
        await _show(moderation, interaction, self._asked)
        await say(interaction, _undo_words(done))


class ChangesPageButton(
    PersistentItem[ui.Button[ui.LayoutView]], template=rf"limits:history:(?P<page>[0-9]{{1,6}}){FILTER_ID}"
):
    """The button that turns to another page of the history."""

    def __init__(self, asked: AuditPage, emoji: str | None = None) -> None:
        super().__init__(ui.Button(emoji=emoji, custom_id=f"limits:history:{asked.custom_id}"))
        self._asked = asked

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(AuditPage.parse(match))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page in place of the one before."""
        check_moderator(interaction)
        await defer(interaction, thinking=False)
        await _show(cog_of(interaction, LimitsCog).moderation, interaction, self._asked)


class MemberChangesButton(
    PersistentItem[ui.Button[ui.LayoutView]], template=r"limits:about:(?P<member>[0-9a-f]{1,16})"
):
    """The button that shows the changes about one member, privately."""

    def __init__(self, member_id: int) -> None:
        super().__init__(ui.Button(label=_("History"), custom_id=f"limits:about:{member_id:x}"))
        self._member_id = member_id

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(int(match["member"], 16))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Show the first page."""
        check_moderator(interaction)
        moderation = cog_of(interaction, LimitsCog).moderation
        await show_history(moderation, interaction, AuditFilter(member_id=self._member_id))


def _undo_words(done: UndoResult | None) -> str:
    """Return what an undo did, and what it left as it is."""
    if done is None:
        return _("There's nothing to undo: that change was already undone, or doesn't belong to this server.")
    if not done.left:
        return changed_words(done.entry)
    left = _("Not undone, because it was changed again later:\n{changes}", changes=subjects(done.left))
    if done.entry is None:
        return "\n".join([_("**Nothing was undone.** Undo the newer change first."), left])
    return f"{changed_words(done.entry)}\n{left}"


async def show_history(
    moderation: Moderation, interaction: ImagineInteraction, asked: AuditFilter = ALL_CHANGES
) -> None:
    """Answer privately with the first page of the changes that a filter leaves, newest first."""
    await defer(interaction)
    await _show(moderation, interaction, AuditPage(asked))


async def _show(moderation: Moderation, interaction: ImagineInteraction, asked: AuditPage) -> None:
    key, offset = origin_of(interaction).server_key, asked.number * PER_PAGE
    entries = await moderation.history(key, offset=offset, limit=PER_PAGE + 1, asked=asked.filter)
    buttons = [UndoButton(entry.id, asked) for entry in entries[:PER_PAGE]]
    turning: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    if asked.number:
        turning.add_item(ChangesPageButton(replace(asked, number=asked.number - 1), "◀️"))
    if len(entries) > PER_PAGE:
        turning.add_item(ChangesPageButton(replace(asked, number=asked.number + 1), "▶️"))
    card = rule_history_card(entries[:PER_PAGE], buttons, [turning] if turning.children else [], asked.filter)
    await show(interaction, card)
