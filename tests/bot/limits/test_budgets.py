"""The moderator who wants to know in time: from which usage on a percentage is reached."""

import pytest

from bot.limits.budgets import percent_reached


@pytest.mark.parametrize(
    ("used", "allowed", "one_more", "percent"),
    [
        (0, 50, 1, None),
        (39, 50, 1, None),
        (40, 50, 1, 80),
        (49, 50, 1, 80),
        (50, 50, 1, 100),
        (60, 50, 1, 100),
        (993, 1000, 7, 80),
        (994, 1000, 7, 100),
        (0, 5, 7, 100),
    ],
)
def test_a_limit_is_nearly_used_from_80_percent_and_used_up_when_nothing_more_fits(
    used: float, allowed: float, one_more: float, percent: int | None
) -> None:
    """Credits of which a few are left are used up, if they don't pay for a picture."""
    assert percent_reached(used, allowed, one_more) == percent
