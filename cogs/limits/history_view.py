"""A page of moderators' changes: who, when, before → after."""

from collections.abc import Sequence
from typing import Any, Final

from discord import ui
from discord.utils import format_dt

from bot.i18n import _
from bot.limits.moderation import AuditEntry
from cogs.limits.change_text import change_lines, command_words
from cogs.ui.text import cut, person

PER_PAGE: Final = 5
_ENTRY_MAX = 600  # characters, so that a page stays under Discord's 4000
_COMMAND_MAX = 80


def rule_history_card(
    entries: Sequence[AuditEntry], buttons: Sequence[ui.Item[Any]], rows: Sequence[ui.ActionRow[ui.LayoutView]]
) -> ui.LayoutView:
    """Return the page: each entry with the button of its own beside it, if it can be undone, and `rows` below."""
    parts: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(_("**Changes to the limits**, newest first"))]
    if not entries:
        parts.append(ui.TextDisplay(_("Nothing has been changed yet.")))
    for entry, button in zip(entries, buttons, strict=True):
        words = ui.TextDisplay[ui.LayoutView](entry_words(entry))
        parts.append(ui.Section(words, accessory=button) if entry.can_be_undone else words)
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts, *rows))
    return view


def entry_words(entry: AuditEntry) -> str:
    """Return one change: who and when, by which command, and its values before → after."""
    undone = [_("**undone**")] if entry.undone else []
    command = cut(command_words(entry.command), _COMMAND_MAX)
    head = " · ".join([person(entry.by_id), format_dt(entry.at, "R"), command, *undone])
    changes = change_lines(entry.changes) or _("No differences.")
    return f"{head}\n{cut(changes, _ENTRY_MAX)}"
