"""Usage over some days, by day and by member: values to show, without gaps and in a fixed order."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from bot.picture.usage_figures import Figures, Line, UsageFilter

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pictures, for how many credits, and how many refusals by a rule."""

    pictures: int = 0
    credits: int = 0
    refusals: int = 0

    def __add__(self, other: "Tally | Line") -> "Tally":
        return Tally(self.pictures + other.pictures, self.credits + other.credits, self.refusals + other.refusals)


@dataclass(frozen=True, slots=True)
class MemberTally:
    """One member's sums."""

    user_id: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Activity:
    """The figures of the days (UTC) from `first` to `last`; `lines` has those on which there was anything."""

    first: date
    last: date
    lines: Sequence[Line]

    @property
    def days(self) -> Sequence[date]:
        """Return every day, also those without anything."""
        return [self.first + timedelta(days=after) for after in range((self.last - self.first).days + 1)]

    @property
    def total(self) -> Tally:
        """Return the sums over all days and members."""
        total = Tally()
        for line in self.lines:
            total += line
        return total

    @property
    def by_day(self) -> Sequence[Tally]:
        """Return the sums of each of `days`."""
        found = _by(self.lines, lambda line: line.day)
        return [found.get(day, Tally()) for day in self.days]

    @property
    def by_member(self) -> Sequence[MemberTally]:
        """Return each member's sums: who made most pictures first, among equals who spent or was refused more."""
        found = _by(self.lines, lambda line: line.user_id)
        members = [MemberTally(user_id, tally) for user_id, tally in found.items()]
        return sorted(members, key=lambda each: (*_most_first(each.tally), each.user_id))


@dataclass(frozen=True, slots=True)
class UsageReport:
    """The usage that a filter leaves, as a chart shows it and in detail."""

    activity: Activity
    figures: Figures
    only: UsageFilter


def _most_first(tally: Tally) -> tuple[int, int, int]:
    return -tally.pictures, -tally.credits, -tally.refusals


def _by(lines: Iterable[Line], key: Callable[[Line], K]) -> dict[K, Tally]:
    sums: defaultdict[K, Tally] = defaultdict(Tally)
    for line in lines:
        sums[key(line)] += line
    return dict(sums)
