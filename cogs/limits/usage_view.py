"""Usage over some days: the card around the chart, the numbers as text, and the table as a file."""

import csv
import io
from collections.abc import Iterator
from typing import Final

import discord
from discord import ui

from bot.reports.activity import Activity, Tally
from cogs.ui.text import person

CHART_FILE: Final = "usage.png"
TABLE_FILE: Final = "usage.csv"
_MEMBERS_LISTED = 10


def usage_card(activity: Activity, *, table: bool) -> ui.LayoutView:
    """Return the card with the chart, which is attached as `CHART_FILE`, and perhaps with `TABLE_FILE`."""
    parts: list[ui.Item[ui.LayoutView]] = [
        ui.TextDisplay(f"**Usage of the last {len(activity.days)} days**\n-# {_from_to(activity)}, in UTC"),
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
        return f"Nobody asked for a picture here in the last {days} days, so there is nothing to show yet."
    return f"<@{user_id}> asked for no picture here in the last {days} days, so there is nothing to show."


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
    counted = ((tally.pictures, "picture"), (tally.credits, "credit"), (tally.refusals, "refusal"))
    return " · ".join(f"**{count:,}** {one}{'' if count == 1 else 's'}" for count, one in counted)


def _member_lines(activity: Activity) -> Iterator[str]:
    members = activity.by_member
    for number, member in enumerate(members[:_MEMBERS_LISTED], start=1):
        yield f"{number}. {person(member.user_id)}: {tally_words(member.tally)}"
    if others := [member.tally for member in members[_MEMBERS_LISTED:]]:
        yield f"-# and {len(others)} more: {tally_words(sum(others, Tally()))}"


def _description(activity: Activity) -> str:
    busiest, most = max(zip(activity.days, activity.by_day, strict=True), key=lambda each: each[1].pictures)
    words = f"Bar charts, {_from_to(activity)}, one bar a day: {tally_words(activity.total).replace('*', '')}."
    if most.pictures:
        words += f" Most on {busiest.day} {busiest:%B}: {tally_words(most).replace('*', '')}."
    members = len(activity.by_member)
    return words + (f" Beside them, which of {members} members drew most." if members > 1 else "")


def _from_to(activity: Activity) -> str:
    first, last = activity.first, activity.last
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"
