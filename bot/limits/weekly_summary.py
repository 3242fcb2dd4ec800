"""A server's week for its moderators: which summary is due, and what it tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.limits.admission import Rule
from bot.picture.usage_figures import Line
from bot.reports.activity import Activity

DUE_HOUR: Final = 8  # on Mondays, in UTC: the pictures of Sunday night have ended by then
_WEEK: Final = timedelta(weeks=1)
_TO_SUNDAY: Final = timedelta(days=6)


def week_due(now: datetime) -> date:
    """Return the Monday of the week (UTC) whose summary is due: last week's, from this Monday's `DUE_HOUR` on."""
    today = (now.astimezone(UTC) - timedelta(hours=DUE_HOUR)).date()
    return today - timedelta(days=today.weekday()) - _WEEK


def days_of(week: date) -> tuple[date, date]:
    """Return the first day of the week before a Monday's, and the last day of the Monday's week."""
    return week - _WEEK, week + _TO_SUNDAY


@dataclass(frozen=True, slots=True)
class WeeklySummary:
    """The usage of a server in a week and in the week before, and how often each rule refused a picture."""

    activity: Activity
    before: Activity
    refusals: Sequence[tuple[Rule, int]]

    @classmethod
    def of(cls, week: date, lines: Sequence[Line], refusals: Sequence[tuple[Rule, int]]) -> "WeeklySummary":
        """Return the summary of the week that begins on a Monday, from the figures of `days_of` it."""
        first, last = days_of(week)
        activity = Activity(week, last, [line for line in lines if line.day >= week])
        before = Activity(first, first + _TO_SUNDAY, [line for line in lines if line.day < week])
        return cls(activity, before, refusals)

    @property
    def is_empty(self) -> bool:
        """Return True if nobody asked for a picture in either week."""
        return not (self.activity.lines or self.before.lines)
