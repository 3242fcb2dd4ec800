"""The operator's bounds for moderators: maximums, or a minimum for the cooldown, from `LIMITS__…`."""

from dataclasses import replace

from bot.errors import InvalidRequest
from bot.i18n import _
from bot.limits.bounds import BOUNDS, Bounds
from bot.limits.ledger import Operator
from bot.limits.policy import SMALLER_IS_GENEROUS, Allowance, Limit, Scope, more_generous
from cogs.ui.amounts import amount, limit_label


def check_ceilings(operator: Operator, scope: Scope, chosen: Allowance) -> None:
    """Raise `InvalidRequest` that names each ceiling that a choice exceeds."""
    ceilings = _ceilings(operator, scope)
    wrong = [
        _too_generous(limit, value, ceilings[limit])
        for limit, value in chosen.items()
        if limit in ceilings and more_generous(limit, value, ceilings[limit])
    ]
    if wrong:
        raise InvalidRequest("\n".join([*wrong, _("Nothing was changed.")]))


def bounds_under(operator: Operator, scope: Scope, limit: Limit) -> Bounds:
    """Return the values that moderators can set a limit to, under the operator's ceiling."""
    bounds, ceiling = BOUNDS[limit], _ceilings(operator, scope).get(limit)
    if ceiling is None:
        return bounds
    if limit in SMALLER_IS_GENEROUS:
        return replace(bounds, least=max(bounds.least, ceiling))
    return replace(bounds, most=min(bounds.most, ceiling))


def _ceilings(operator: Operator, scope: Scope) -> Allowance:
    return operator.server if scope is Scope.SERVER else operator.member


def _too_generous(limit: Limit, value: float, ceiling: float) -> str:
    label, allowed, typed = limit_label(limit), amount(ceiling), amount(value)
    if limit in SMALLER_IS_GENEROUS:
        return _(
            "{limit}: the operator requires at least **{least}**, not {typed}.", limit=label, least=allowed, typed=typed
        )
    return _("{limit}: the operator allows at most **{most}**, not {typed}.", limit=label, most=allowed, typed=typed)
