"""Limits and their figures in words, the same on every card and in every refusal."""

from collections.abc import Mapping
from typing import Final

from bot.i18n import ngettext
from bot.limits.bounds import BOUNDS
from bot.limits.policy import SMALLER_IS_GENEROUS, Limit, Scope

LIMIT_NAMES: Final = {
    Limit.IMAGES_PER_HOUR: "pictures per hour",
    Limit.IMAGES_PER_DAY: "pictures per day",
    Limit.CREDITS_PER_MONTH: "credits per 30 days",
    Limit.CONCURRENT: "pictures at the same time",
    Limit.COOLDOWN: "seconds between two requests",
    Limit.MAX_MEGAPIXELS: "megapixels per picture",
    Limit.MAX_REFERENCES: "reference images per picture",
}
SCOPE_NAMES: Final = {
    Scope.SERVER: "set for the server",
    Scope.EVERYONE: "set for everyone",
    Scope.ROLE: "set for a role",
    Scope.MEMBER: "set for this member",
    Scope.OPERATOR: "set by whoever runs the bot",
}
_BAR_CELLS = 10


def amount(value: float) -> str:
    """Return a figure as it was set, without needless decimals."""
    return f"{value:.12g}"


def credits_words(count: int) -> str:
    """Return the number of credits as text, such as `1 credit` and `7 credits`."""
    return ngettext("{count} credit", "{count} credits", count)


def span(limit: Limit) -> str:
    """Return what a limit can be set to, such as `0 to 86400`."""
    return f"{amount(BOUNDS[limit].least)} to {amount(BOUNDS[limit].most)}"


def at_most(limit: Limit, value: float) -> str:
    """Return one limit with its figure, such as `5 pictures per day`."""
    if value == 0 and limit not in SMALLER_IS_GENEROUS:
        return f"no {LIMIT_NAMES[limit]}"
    words = LIMIT_NAMES[limit]
    return f"{amount(value)} {words.replace('s ', ' ', 1) if value == 1 else words}"  # the first plural ends there


def allowance_words(limits: Mapping[Limit, float], *, unlimited: bool = False) -> str:
    """Return what a scope sets, in the order of `Limit`; a dash if it is nothing."""
    words = ["unlimited"] if unlimited else []
    words += [at_most(limit, limits[limit]) for limit in Limit if limit in limits]
    return " · ".join(words) or "—"


def bar(used: float, allowed: float) -> str:
    """Return how full a limit is, as ten cells; one that allows nothing is full."""
    filled = _BAR_CELLS if allowed <= 0 else min(_BAR_CELLS, int(_BAR_CELLS * used / allowed))
    if used > 0:
        filled = max(filled, 1)
    return "▰" * filled + "▱" * (_BAR_CELLS - filled)
