"""The moderator's rules, at their edges."""

from datetime import UTC, datetime

import pytest

from bot.limits.policy import Allowed, Limit, Refused, Rules, Scope, Usage, Verdict, Window, decide

SOON = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
LATER = datetime(2026, 7, 2, 9, 0, tzinfo=UTC)
RULES = Rules(images_per_hour=3, images_per_day=10, concurrent=2)


def usage(hour: int = 0, day: int = 0, running: int = 0) -> Usage:
    return Usage(Window(hour, frees_at=SOON), Window(day, frees_at=LATER), running)


def over_hour(used: int) -> Verdict:
    return Refused(Scope.MEMBER, Limit.IMAGES_PER_HOUR, used, 3, SOON)


def over_day(used: int) -> Verdict:
    return Refused(Scope.MEMBER, Limit.IMAGES_PER_DAY, used, 10, LATER)


def over_concurrent(used: int) -> Verdict:
    return Refused(Scope.MEMBER, Limit.CONCURRENT, used, 2)


@pytest.mark.parametrize(
    ("used", "verdict"),
    [
        (usage(), Allowed()),
        (usage(hour=2, day=9, running=1), Allowed()),
        (usage(hour=3), over_hour(3)),
        (usage(hour=4), over_hour(4)),
        (usage(day=10), over_day(10)),
        (usage(day=11), over_day(11)),
        (usage(running=2), over_concurrent(2)),
        (usage(running=3), over_concurrent(3)),
        (usage(hour=3, running=2), over_hour(3)),
        (usage(hour=3, day=10, running=2), over_day(10)),
    ],
)
def test_a_rule_lets_through_what_is_below_it(used: Usage, verdict: Verdict) -> None:
    """Below each edge a picture is allowed; at it and over it, the limit that frees up last is named."""
    assert decide(Scope.MEMBER, RULES, used) == verdict


@pytest.mark.parametrize(
    ("rules", "limit"),
    [
        (Rules(0, 10, 10), Limit.IMAGES_PER_HOUR),
        (Rules(10, 0, 10), Limit.IMAGES_PER_DAY),
        (Rules(10, 10, 0), Limit.CONCURRENT),
    ],
)
def test_zero_means_none_and_never_unlimited(rules: Rules, limit: Limit) -> None:
    """A limit of 0 refuses the very first picture."""
    verdict = decide(Scope.SERVER, rules, Usage(Window(0), Window(0), running=0))
    assert verdict == Refused(Scope.SERVER, limit, used=0, allowed=0)
