"""Usage over some days: the card around the chart, and the numbers as text."""

from collections.abc import Iterator
from typing import Final

import discord
from discord import ui

from bot.i18n import _, labelled, ngettext, sentences
from bot.picture.usage_figures import UsageFilter
from bot.reports.activity import Activity, Tally, UsageReport
from cogs.limits.usage_parts import Names, part_lines
from cogs.ui.text import person

CHART_FILE: Final = "usage.png"
TABLE_FILE: Final = "usage.csv"
_MEMBERS_LISTED = 10


def usage_card(report: UsageReport, names: Names, *, table: bool) -> ui.LayoutView:
    """Return the card with the chart, which is attached as `CHART_FILE`, and perhaps with `TABLE_FILE`."""
    activity = report.activity
    lines = [*member_lines(activity, _MEMBERS_LISTED), *part_lines(report, names, tally_words)]
    parts: list[ui.Item[ui.LayoutView]] = [
        ui.TextDisplay(_title(report, names)),
        ui.TextDisplay(tally_words(activity.total)),
        chart_gallery(activity),
        ui.TextDisplay("\n".join(lines)),
    ]
    if table:
        parts.append(ui.File(f"attachment://{TABLE_FILE}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts))
    return view


def chart_gallery(activity: Activity, before: Activity | None = None) -> "ui.MediaGallery[ui.LayoutView]":
    """Return the chart, which is attached as `CHART_FILE`, with an alternative text; `before` as in the chart."""
    description = _description(activity, before)
    return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{CHART_FILE}", description=description))


def nothing_used(days: int, only: UsageFilter) -> str:
    """Return the text for days without usage, of everybody or of the pictures that a filter leaves."""
    if only == UsageFilter():
        return ngettext(
            "Nobody asked for a picture here in the last day.",
            "Nobody asked for a picture here in the last {count} days.",
            days,
        )
    if only.user_id is not None and only.has_refusals:
        return ngettext(
            "{member} didn't ask for a picture here in the last day.",
            "{member} didn't ask for a picture here in the last {count} days.",
            days,
            member=f"<@{only.user_id}>",
        )
    return ngettext(
        "No picture from the last day matches these options.",
        "No picture from the last {count} days matches these options.",
        days,
    )


def tally_words(tally: Tally) -> str:
    """Return sums in words, such as `**7** pictures · **70** credits · **1** refusal`."""
    counted = [
        ngettext("**{count:,}** picture", "**{count:,}** pictures", tally.pictures),
        ngettext("**{count:,}** credit", "**{count:,}** credits", tally.credits),
    ]
    if tally.refusals:
        counted.append(ngettext("**{count:,}** refusal", "**{count:,}** refusals", tally.refusals))
    return " · ".join(counted)


def _title(report: UsageReport, names: Names) -> str:
    activity, only = report.activity, report.only
    days = len(activity.days)
    title = ngettext("**Usage in the last {count} day**", "**Usage in the last {count} days**", days)
    parts = [_("{first} to {last} (UTC)", first=activity.first, last=activity.last)]
    if only.channel_id is not None:
        parts.append(names.channel(only.channel_id))
    if only.style_id is not None:
        parts.append(_("style {style}", style=names.style(only.style_id)))
    return f"{title}\n-# {' · '.join(parts)}"


def member_lines(activity: Activity, shown: int) -> Iterator[str]:
    """Yield the members with the most pictures, and all others together."""
    members = activity.by_member
    for number, member in enumerate(members[:shown], start=1):
        yield f"{number}. {labelled(person(member.user_id), tally_words(member.tally))}"
    if others := [member.tally for member in members[shown:]]:
        sums = tally_words(sum(others, Tally()))
        more = ngettext("and {count} more member: {sums}", "and {count} more members: {sums}", len(others), sums=sums)
        yield f"-# {more}"


def _description(activity: Activity, before: Activity | None) -> str:
    total, days = tally_words(activity.total).replace("*", ""), zip(activity.days, activity.by_day, strict=True)
    busiest, most = max(days, key=lambda each: each[1].pictures)
    parts = [
        _("Bar chart by day from {first} to {last}: {sums}.", first=activity.first, last=activity.last, sums=total)
    ]
    if most.pictures:
        parts.append(_("Busiest day: {day} ({sums}).", day=busiest, sums=tally_words(most).replace("*", "")))
    if before is not None:
        sums = tally_words(before.total).replace("*", "")
        parts.append(_("Behind the bars, those of the week before: {sums}.", sums=sums))
    members = len(activity.by_member)
    if members > 1:
        parts.append(
            ngettext(
                "Second chart: pictures by member ({count}).", "Second chart: pictures by member ({count}).", members
            )
        )
    return sentences(parts)
