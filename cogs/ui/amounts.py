"""Limits and their figures in words, the same on every card and in every refusal."""

from collections.abc import Mapping
from typing import Final

from bot.i18n import N_, _, labelled, ngettext, number, pgettext
from bot.limits.policy import Ceiling, Limit, Scope

LIMIT_LABELS: Final = {
    Limit.IMAGES_PER_HOUR: N_("Pictures per hour"),
    Limit.IMAGES_PER_DAY: N_("Pictures per day"),
    Limit.CREDITS_PER_MONTH: N_("Credits in 30 days"),
    Limit.CONCURRENT: N_("Pictures at once"),
    Limit.COOLDOWN: N_("Cooldown in seconds"),
    Limit.MAX_MEGAPIXELS: N_("Megapixels per picture"),
    Limit.MAX_REFERENCES: N_("Reference images per picture"),
    Limit.PICTURES_PER_REQUEST: N_("Pictures per command"),
}
SET_BY: Final = {
    Scope.SERVER: N_("set for the server"),
    Scope.EVERYONE: N_("set for everyone"),
    Scope.ROLE: N_("set for a role"),
    Scope.MEMBER: N_("set for this member"),
    Scope.OPERATOR: N_("set by the operator"),
}
_BAR_CELLS = 5  # so that a bar and its limit share a line on a phone


def amount(value: float) -> str:
    """Return a figure as it was set, such as `1,000,000` and `0.5`, without needless decimals."""
    return number(value)


def credits_words(count: int) -> str:
    """Return the number of credits as text, such as `1 credit` and `7 credits`."""
    return ngettext("{count:,} credit", "{count:,} credits", count)


def limit_label(limit: Limit) -> str:
    """Return a limit's name, such as `Pictures per day`, to stand before its figure."""
    return _(LIMIT_LABELS[limit])


def limit_value(limit: Limit, value: float) -> str:
    """Return a limit's figure; 0 reads `none`, except for a cooldown, which forbids nothing then."""
    return amount(value) if value else _nothing(limit)


def _nothing(limit: Limit) -> str:
    match limit:
        case Limit.IMAGES_PER_HOUR | Limit.IMAGES_PER_DAY | Limit.CONCURRENT | Limit.PICTURES_PER_REQUEST:
            return pgettext("a limit of 0 pictures", "none")
        case Limit.CREDITS_PER_MONTH:
            return pgettext("a limit of 0 credits", "none")
        case Limit.MAX_REFERENCES:
            return pgettext("a limit of 0 reference images", "none")
        case Limit.COOLDOWN | Limit.MAX_MEGAPIXELS:
            return amount(0)


def at_most(limit: Limit, value: float) -> str:
    """Return a limit with its figure, such as `Pictures per day: 5`."""
    return labelled(limit_label(limit), limit_value(limit, value))


def extra(limit: Limit, value: float) -> str:
    """Return what a role adds to everyone's limit, such as `Pictures per day: +20`."""
    return labelled(limit_label(limit), f"+{amount(value)}")


def sum_of(ceiling: Ceiling) -> str:
    """Return how a limit adds up, such as `5 for everyone + 20 for @Boosters`, or nothing if no role adds to it.

    Roles that add most come first, and of equal ones the oldest.
    """
    if not ceiling.extras:
        return ""
    everyone = ceiling.value - sum(ceiling.extras.values())
    parts = [_("{amount} for everyone", amount=amount(everyone))]
    extras = sorted(ceiling.extras.items(), key=lambda extra: (-extra[1], extra[0]))
    parts += [_("{amount} for {role}", amount=amount(each), role=f"<@&{id_}>") for id_, each in extras]
    return " + ".join(parts)


def allowance_words(
    limits: Mapping[Limit, float], extras: Mapping[Limit, float] | None = None, *, unlimited: bool = False
) -> str:
    """Return what a scope sets and adds, in the order of `Limit`; a dash if it is nothing."""
    words = [_("unlimited")] if unlimited else []
    words += [at_most(limit, limits[limit]) for limit in Limit if limit in limits]
    words += [extra(limit, extras[limit]) for limit in Limit if extras and limit in extras]
    return " · ".join(words) or "—"


def left_of(limit: Limit, used: float, allowed: float) -> str:
    """Return the remaining amount of a limit, as a bar and in figures."""
    left = max(0, allowed - used)
    figures = pgettext("still left of a limit", "{left} of {allowed}", left=amount(left), allowed=amount(allowed))
    return f"{bar(left, allowed)} {labelled(limit_label(limit), figures)}"


def bar(left: float, allowed: float) -> str:
    """Return the remaining amount as a few cells: all only while nothing is used, none only when nothing is left."""
    filled = 0
    if left > 0:
        filled = _BAR_CELLS if left >= allowed else min(max(round(_BAR_CELLS * left / allowed), 1), _BAR_CELLS - 1)
    return "▰" * filled + "▱" * (_BAR_CELLS - filled)
