"""Usage over some days: the card around the chart, the numbers as text, and the table as a file."""

import csv
import io
from collections.abc import Iterator
from typing import Final

import discord
from discord import ui

from bot.i18n import _, ngettext
from bot.reports.activity import Activity, Tally
from cogs.ui.text import person

CHART_FILE: Final = "usage.png"
TABLE_FILE: Final = "usage.csv"
_MEMBERS_LISTED = 10


def usage_card(activity: Activity, *, table: bool) -> ui.LayoutView:
    """Return the card with the chart, which is attached as `CHART_FILE`, and perhaps with `TABLE_FILE`."""
    parts: list[ui.Item[ui.LayoutView]] = [
        ui.TextDisplay(_title(activity)),
        ui.TextDisplay(tally_words(activity.total)),
        chart_gallery(activity),
        ui.TextDisplay("\n".join(_member_lines(activity))),
    ]
    if table:
        parts.append(ui.File(f"attachment://{TABLE_FILE}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts))
    return view


def chart_gallery(activity: Activity) -> "ui.MediaGallery[ui.LayoutView]":
    """Return the chart, which is attached as `CHART_FILE`, with an alternative text."""
    return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{CHART_FILE}", description=_description(activity)))


def nothing_used(days: int, user_id: int | None) -> str:
    """Return the text for days without usage, of everybody or of one member."""
    if user_id is None:
        return ngettext(
            "Nobody asked for a picture here in the last day.",
            "Nobody asked for a picture here in the last {count} days.",
            days,
        )
    return ngettext(
        "{member} didn't ask for a picture here in the last day.",
        "{member} didn't ask for a picture here in the last {count} days.",
        days,
        member=f"<@{user_id}>",
    )


def table_of(activity: Activity) -> bytes:
    """Return the lines as CSV in UTF-8: day (UTC), user_id, pictures, credits, refusals."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(("day", "user_id", "pictures", "credits", "refusals"))
    for line in activity.lines:
        table.writerow((line.day.isoformat(), line.user_id, line.pictures, line.credits, line.refusals))
    return text.getvalue().encode()


def tally_words(tally: Tally) -> str:
    """Return sums in words, such as `**7** pictures · **70** credits · **1** refusal`."""
    counted = [
        ngettext("**{count:,}** picture", "**{count:,}** pictures", tally.pictures),
        ngettext("**{count:,}** credit", "**{count:,}** credits", tally.credits),
    ]
    if tally.refusals:
        counted.append(ngettext("**{count:,}** refusal", "**{count:,}** refusals", tally.refusals))
    return " · ".join(counted)


def _title(activity: Activity) -> str:
    days = len(activity.days)
    title = ngettext("**Usage in the last {count} day**", "**Usage in the last {count} days**", days)
    span = _("{first} to {last} (UTC)", first=activity.first, last=activity.last)
    return f"{title}\n-# {span}"


def _member_lines(activity: Activity) -> Iterator[str]:
    members = activity.by_member
    for number, member in enumerate(members[:_MEMBERS_LISTED], start=1):
        yield f"{number}. {person(member.user_id)}: {tally_words(member.tally)}"
    if others := [member.tally for member in members[_MEMBERS_LISTED:]]:
        sums = tally_words(sum(others, Tally()))
        more = ngettext("and {count} more: {sums}", "and {count} more: {sums}", len(others), sums=sums)
        yield f"-# {more}"


def _description(activity: Activity) -> str:
    total, days = tally_words(activity.total).replace("*", ""), zip(activity.days, activity.by_day, strict=True)
    busiest, most = max(days, key=lambda each: each[1].pictures)
    parts = [
        _("Bar chart by day from {first} to {last}: {sums}.", first=activity.first, last=activity.last, sums=total)
    ]
    if most.pictures:
        parts.append(_("Busiest day: {day} ({sums}).", day=busiest, sums=tally_words(most).replace("*", "")))
    members = len(activity.by_member)
    if members > 1:
        parts.append(
            ngettext(
                "Second chart: pictures by member ({count}).", "Second chart: pictures by member ({count}).", members
            )
        )
    return " ".join(parts)
