"""Telling a server's moderators in time that what its members may make together is running out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.limits.policy import Limit

BUDGETS: Final = (Limit.IMAGES_PER_DAY, Limit.CREDITS_PER_MONTH)
NEARLY, USED_UP = 80, 100  # percent


@dataclass(frozen=True, slots=True)
class BudgetNotice:
    """A server's limit of which this many percent are used, and the members who used most, with their amounts."""

    limit: Limit
    percent: int
    used: int
    allowed: float
    most: Sequence[tuple[int, int]]


class BudgetListener(Protocol):
    """Gets each notice, and returns at once."""

    def budget_reached(self, server_key: str, notice: BudgetNotice) -> None:
        """Tell the server's moderators."""


def percent_reached(used: float, allowed: float, one_more: float) -> int | None:
    """Return the highest of the percentages that is reached, or None; all are used if one more picture doesn't fit."""
    if used + one_more > allowed:
        return USED_UP
    return NEARLY if used * 100 >= allowed * NEARLY else None
