"""Usage by channel and by style: lines of the card, and the columns of the table."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.i18n import _, labelled, ngettext
from bot.picture.usage_figures import Figures, Part
from bot.reports.activity import Tally, UsageReport
from cogs.ui.text import plain

PARTS_LISTED: Final = 5
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate a cell that begins so


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the server's styles by their id, and which channels were deleted."""

    styles: Mapping[int, str] = field(default_factory=dict)
    deleted_channels: frozenset[int] = frozenset()

    def channel(self, channel_id: int | None) -> str:
        """Return a channel's mention, or words for one that doesn't exist any more."""
        gone = not channel_id or channel_id in self.deleted_channels
        return _("deleted channel") if gone else f"<#{channel_id}>"

    def style(self, style_id: int | None) -> str:
        """Return a style's name; those of members, and deleted ones, are all called the same."""
        if style_id is None:
            return _("no style")
        name = self.styles.get(style_id)
        return _("members' own or deleted styles") if name is None else plain(name)


def part_lines(report: UsageReport, names: Names, words_of: Callable[[Tally], str]) -> Iterator[str]:
    """Yield the usage by channel, and by style if a picture has one, unless the filter chose one."""
    figures, only = report.figures, report.only
    if only.channel_id is None and figures.channels:
        yield "**{}**".format(_("By channel"))
        yield from _lines(_merged(figures.channels, names.channel), words_of, _more_channels)
    if only.style_id is None and any(each.id is not None for each in figures.styles):
        yield "**{}**".format(_("By style"))
        yield from _lines(_merged(figures.styles, names.style), words_of, _more_styles)
    if not only.has_refusals:
        yield "-# " + _("Refusals aren't counted by channel or style.")


def table_of(figures: Figures, names: Names) -> bytes:
    """Return the lines as CSV in UTF-8; days are in UTC, and members' own or deleted styles have no name."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(("day", "user_id", "channel_id", "style_id", "style", "pictures", "credits", "refusals"))
    for line in figures.details:
        style = "" if line.style_id is None else _cell(names.styles.get(line.style_id, ""))
        ids = (line.user_id, line.channel_id or "", line.style_id or "", style)
        table.writerow((line.day.isoformat(), *ids, line.pictures, line.credits, line.refusals))
    return text.getvalue().encode()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _merged(parts: Sequence[Part], name_of: Callable[[int | None], str]) -> Sequence[tuple[str, Tally]]:
    """Return the sums of each name, the most pictures first."""
    sums: dict[str, Tally] = {}
    for part in parts:
        name = name_of(part.id)
        sums[name] = sums.get(name, Tally()) + Tally(part.pictures, part.credits)
    return sorted(sums.items(), key=lambda each: (-each[1].pictures, -each[1].credits))


def _lines(
    named: Sequence[tuple[str, Tally]], words_of: Callable[[Tally], str], more: Callable[[int, str], str]
) -> Iterator[str]:
    for name, tally in named[:PARTS_LISTED]:
        yield f"- {labelled(name, words_of(tally))}"
    if others := [tally for _name, tally in named[PARTS_LISTED:]]:
        yield f"-# {more(len(others), words_of(sum(others, Tally())))}"


def _more_channels(count: int, sums: str) -> str:
    return ngettext("and {count} more channel: {sums}", "and {count} more channels: {sums}", count, sums=sums)


def _more_styles(count: int, sums: str) -> str:
    return ngettext("and {count} more style: {sums}", "and {count} more styles: {sums}", count, sums=sums)
