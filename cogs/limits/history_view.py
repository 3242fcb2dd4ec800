"""A page of moderators' changes: who, when, before → after."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from discord import ui
from discord.utils import format_dt

from bot.i18n import N_, _
from bot.limits.audit_filter import ALL_CHANGES, AuditFilter, OtherRule, RuleKind, rule_of
from bot.limits.moderation import AuditEntry
from bot.limits.policy import Limit
from cogs.limits.change_text import change_lines, command_words
from cogs.ui.amounts import limit_label
from cogs.ui.text import cut, person

PER_PAGE: Final = 5
FILTER_ID: Final = r"(?::(?P<by>[0-9a-f]{0,16}):(?P<member>[0-9a-f]{0,16}):(?P<rule>[a-z_]{0,24}))?"
OTHER_RULES: Final = {
    OtherRule.UNLIMITED: N_("Unlimited"),
    OtherRule.BLOCKS: N_("Blocks"),
    OtherRule.CHANNELS: N_("Channels"),
    OtherRule.ROLES: N_("Roles that can draw"),
    OtherRule.REPLIES: N_("Replies that edit"),
    OtherRule.SPOILERS: N_("Spoilers"),
    OtherRule.SHARE: N_("Share of each member"),
    OtherRule.WORDS: N_("Blocked words"),
    OtherRule.LOG: N_("Audit log"),
    OtherRule.SHOWCASE: N_("Showcase"),
    OtherRule.REVIEW: N_("Review before posting"),
    OtherRule.PAUSES: N_("Pauses"),
    OtherRule.SLOWDOWN: N_("Slowdown"),
    OtherRule.DEFAULTS: N_("Defaults and language"),
    OtherRule.STYLES: N_("Styles"),
    OtherRule.PICTURES: N_("Deleted pictures"),
}
_ENTRY_MAX = 600  # characters, so that a page stays under Discord's 4000
_COMMAND_MAX = 80


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Which page is asked for of the changes that a filter leaves; `number` counts from 0."""

    filter: AuditFilter = ALL_CHANGES
    number: int = 0

    @property
    def custom_id(self) -> str:
        """Return the end of the id of a button that shows this page."""
        if self.filter == ALL_CHANGES:
            return str(self.number)
        by, member = ("" if each is None else f"{each:x}" for each in (self.filter.by_id, self.filter.member_id))
        return f"{self.number}:{by}:{member}:{self.filter.rule or ''}"

    @classmethod
    def parse(cls, match: re.Match[str]) -> Self:
        """Return the page of a button's id; a rule that no longer exists leaves nothing out."""
        by_id, member_id = (int(match[name], 16) if match[name] else None for name in ("by", "member"))
        try:
            rule = rule_of(match["rule"] or "")
        except ValueError:
            rule = None
        return cls(AuditFilter(by_id, member_id, rule), int(match["page"]))


def rule_history_card(
    entries: Sequence[AuditEntry],
    buttons: Sequence[ui.Item[Any]],
    rows: Sequence[ui.ActionRow[ui.LayoutView]],
    asked: AuditFilter,
) -> ui.LayoutView:
    """Return the page: each entry with the button of its own beside it, if it can be undone, and `rows` below."""
    title = "\n".join([_("**Changes to the limits**, newest first"), *_filter_words(asked)])
    parts: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(title)]
    if not entries:
        nothing = _("Nothing has been changed yet.") if asked == ALL_CHANGES else _("There are no such changes.")
        parts.append(ui.TextDisplay(nothing))
    for entry, button in zip(entries, buttons, strict=True):
        words = ui.TextDisplay[ui.LayoutView](entry_words(entry))
        parts.append(ui.Section(words, accessory=button) if entry.can_be_undone else words)
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts, *rows))
    return view


def rule_label(rule: RuleKind) -> str:
    """Return a rule's name."""
    return limit_label(rule) if isinstance(rule, Limit) else _(OTHER_RULES[rule])


def _filter_words(asked: AuditFilter) -> list[str]:
    """Return which changes are shown, unless all are."""
    words = []
    if asked.by_id is not None:
        words.append(_("by {moderator}", moderator=f"<@{asked.by_id}>"))
    if asked.member_id is not None:
        words.append(_("about {member}", member=f"<@{asked.member_id}>"))
    if asked.rule is not None:
        words.append(rule_label(asked.rule))
    return [f"-# {' · '.join(words)}"] if words else []


def entry_words(entry: AuditEntry) -> str:
    """Return one change: who and when, by which command, and its values before → after."""
    undone = [_("**undone**")] if entry.undone else []
    command = cut(command_words(entry.command), _COMMAND_MAX)
    head = " · ".join([person(entry.by_id), format_dt(entry.at, "R"), command, *undone])
    changes = change_lines(entry.changes) or _("No differences.")
    return f"{head}\n{cut(changes, _ENTRY_MAX)}"
