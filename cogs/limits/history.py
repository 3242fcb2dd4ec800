"""The history of a server's rules, page by page, with a button that undoes a change."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.i18n import _
from bot.limits.moderation import Moderation, UndoResult
from cogs.limits.change_text import subjects
from cogs.limits.changes import LimitsCog, changed_words, say
from cogs.limits.history_view import PER_PAGE, rule_history_card
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.moderators import check_moderator
from cogs.shared.persistent import PersistentItem, cog_of


class UndoButton(
    PersistentItem[ui.Button[ui.LayoutView]], template=r"limits:undo:(?P<id>[0-9]{1,9}):(?P<page>[0-9]{1,6})"
):
    """The button beside a change; it knows which, so that it outlives restarts."""

    def __init__(self, change_id: int, page: int) -> None:
        super().__init__(ui.Button(label=_("Undo"), custom_id=f"limits:undo:{change_id}:{page}"))
        self._change_id = change_id
        self._page = page

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(int(match["id"]), int(match["page"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Undo the change and show the page again."""
        check_moderator(interaction)
        await defer(interaction, thinking=False)
        key = origin_of(interaction).server_key
        moderation = cog_of(interaction, LimitsCog).moderation
        done = await moderation.undo(key, interaction.user.id, self._change_id)
        await _show(moderation, interaction, self._page)
        await say(interaction, _undo_words(done))


class ChangesPageButton(PersistentItem[ui.Button[ui.LayoutView]], template=r"limits:history:(?P<page>[0-9]{1,6})"):
    """The button that turns to another page of the history."""

    def __init__(self, page: int, emoji: str | None = None) -> None:
        super().__init__(ui.Button(emoji=emoji, custom_id=f"limits:history:{page}"))
        self._page = page

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(int(match["page"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page in place of the one before."""
        check_moderator(interaction)
        await defer(interaction, thinking=False)
        await _show(cog_of(interaction, LimitsCog).moderation, interaction, self._page)


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


async def show_history(moderation: Moderation, interaction: ImagineInteraction, page: int) -> None:
    """Answer privately with a page of the history, newest first."""
    await defer(interaction)
    await _show(moderation, interaction, page)


async def _show(moderation: Moderation, interaction: ImagineInteraction, page: int) -> None:
    entries = await moderation.history(origin_of(interaction).server_key, offset=page * PER_PAGE, limit=PER_PAGE + 1)
    buttons = [UndoButton(entry.id, page) for entry in entries[:PER_PAGE]]
    turning: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    if page:
        turning.add_item(ChangesPageButton(page - 1, "◀️"))
    if len(entries) > PER_PAGE:
        turning.add_item(ChangesPageButton(page + 1, "▶️"))
    card = rule_history_card(entries[:PER_PAGE], buttons, [turning] if turning.children else [])
    await show(interaction, card)
