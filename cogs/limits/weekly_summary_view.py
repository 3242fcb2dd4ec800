"""The card of a server's week in its audit log channel."""

from collections.abc import Callable, Iterator
from typing import Final

from discord import ui

from bot.i18n import _, labelled
from bot.limits.weekly_summary import WeeklySummary
from bot.reports.activity import Activity
from cogs.limits.audit_log_view import refusal_label
from cogs.limits.usage_view import chart_gallery, member_lines, tally_words
from cogs.ui.amounts import amount

_MEMBERS_LISTED: Final = 5


def summary_card(summary: WeeklySummary, link: Callable[[str], str], *, has_chart: bool) -> ui.LayoutView:
    """Return the card with the chart, which is attached as `CHART_FILE`, if it has one; `link` makes a command."""
    activity = summary.activity
    parts: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(_title(activity)), ui.TextDisplay(_totals(summary))]
    if has_chart:
        parts.append(chart_gallery(activity, summary.before))
    elif activity.lines:
        parts.append(ui.TextDisplay(_("-# The chart is missing, because I need **Attach Files** here.")))
    if lines := [*_by_member(activity), *_refusals(summary)]:
        parts.append(ui.TextDisplay("\n".join(lines)))
    parts.append(ui.TextDisplay(_("-# {usage} · {summary}", usage=link("usage"), summary=link("limits summary"))))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts))
    return view


def _title(activity: Activity) -> str:
    """Return the title, and the days in a form that is the same in any language: a search goes by them."""
    first, last = activity.first.isoformat(), activity.last.isoformat()
    return "\n-# ".join([_("**Weekly summary**"), _("{first} to {last} (UTC)", first=first, last=last)])


def _totals(summary: WeeklySummary) -> str:
    """Return the sums of the week, and of the week before."""
    words = tally_words(summary.activity.total) if summary.activity.lines else _("Nobody asked for a picture.")
    if not summary.before.lines:
        return "\n".join([words, _("-# The week before: nobody asked for a picture.")])
    before = tally_words(summary.before.total)
    return "\n".join([words, _("-# The week before: {sums}", sums=before)])


def _by_member(activity: Activity) -> Iterator[str]:
    if activity.lines:
        yield _("**By member**")
        yield from member_lines(activity, _MEMBERS_LISTED)


def _refusals(summary: WeeklySummary) -> Iterator[str]:
    if summary.refusals:
        yield _("**Refusals by rule**")
    for rule, count in summary.refusals:
        yield f"- {labelled(refusal_label(rule), f'**{amount(count)}**')}"
