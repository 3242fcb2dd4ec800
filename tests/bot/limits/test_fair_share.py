"""Shares of the credits that are left: figures in, figures out."""

import pytest

from bot.limits.fair_share import Share, share_of
from bot.limits.policy import RequestedUsage


@pytest.mark.parametrize(
    ("month_used", "used", "allowed"),
    [
        (0, 0, 100),
        (500, 0, 50),
        (500, 30, 53),  # the member's own pictures of today count as still left
        (1000, 0, 0),
        (1500, 0, 0),
    ],
)
def test_a_share_is_of_the_credits_that_are_left(month_used: int, used: int, allowed: int) -> None:
    """A tenth of a month with 1,000 credits; one that is overdrawn has none left."""
    assert share_of(10, 1000, month_used, used) == Share(10, used, allowed)


@pytest.mark.parametrize(
    ("used", "pictures", "is_refused"), [(0, 1, False), (0, 2, True), (3, 1, True), (2, 1, False), (2, 2, True)]
)
def test_one_picture_a_day_is_always_in_a_share(used: int, pictures: int, is_refused: bool) -> None:
    """With few credits left nobody could draw at all otherwise; each picture costs 10 here, and 12 are allowed."""
    ask = RequestedUsage(1, 0, credits=10 * pictures, pictures=pictures)
    assert Share(10, used, 12 if used else 5).refuses(ask) is is_refused
