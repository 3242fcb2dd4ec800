"""The moderator who reads on Monday what happened in the week before: which week that is, and what belongs to it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits.policy import Limit
from bot.limits.weekly_summary import WeeklySummary, days_of, week_due
from bot.picture.usage_figures import Line
from tests.bot.storage.examples import TOKYO

MONDAY = datetime(2026, 6, 29, 8, tzinfo=UTC)
INSTANT, WEEK = timedelta(microseconds=1), timedelta(weeks=1)
LAST_WEEK, EARLIER = date(2026, 6, 22), date(2026, 6, 15)


@pytest.mark.parametrize(
    ("now", "week"),
    [
        (MONDAY, LAST_WEEK),
        (MONDAY - INSTANT, EARLIER),
        (MONDAY.replace(hour=0), EARLIER),
        (MONDAY + timedelta(days=3), LAST_WEEK),
        (MONDAY + WEEK - INSTANT, LAST_WEEK),
        (MONDAY + WEEK, LAST_WEEK + WEEK),
        (MONDAY.astimezone(TOKYO), LAST_WEEK),
        (datetime(2027, 1, 4, 8, tzinfo=UTC), date(2026, 12, 28)),
    ],
)
def test_last_week_is_due_from_monday_morning_until_the_next(now: datetime, week: date) -> None:
    """A bot that was down on Monday posts it later in the week, and never an older one."""
    assert week_due(now) == week


@given(st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  (Hypothesis wants bounds without a zone)
def test_each_moment_has_one_whole_week_that_is_due(now: datetime) -> None:
    """It begins on a Monday, ended at least eight hours ago, and the next one isn't due yet."""
    week = week_due(now)
    due_at = datetime.combine(week + WEEK, datetime.min.time(), UTC) + timedelta(hours=8)
    assert week.weekday() == 0
    assert due_at <= now < due_at + WEEK
    assert week_due(now + WEEK) == week + WEEK


def line(day: date, pictures: int) -> Line:
    return Line(day, 1, pictures, 10 * pictures, 0)


def test_each_day_belongs_to_its_week() -> None:
    """Monday and Sunday are in the week, and the Sunday before it is in the week before."""
    first, last = days_of(LAST_WEEK)
    lines = [line(first, 1), line(LAST_WEEK - timedelta(days=1), 2), line(LAST_WEEK, 4), line(last, 8)]
    summary = WeeklySummary.of(LAST_WEEK, lines, [(Limit.IMAGES_PER_DAY, 3)])
    assert [tally.pictures for tally in summary.before.by_day] == [1, 0, 0, 0, 0, 0, 2]
    assert [tally.pictures for tally in summary.activity.by_day] == [4, 0, 0, 0, 0, 0, 8]
    assert (first, last) == (EARLIER, date(2026, 6, 28))


@pytest.mark.parametrize(("day", "empty"), [(None, True), (EARLIER, False), (LAST_WEEK, False)])
def test_a_summary_is_empty_if_both_weeks_were_quiet(day: date | None, empty: bool) -> None:
    """A server that fell quiet reads so once."""
    assert WeeklySummary.of(LAST_WEEK, [] if day is None else [line(day, 1)], []).is_empty is empty
