"""The operator's bounds for moderators: maximums, or a minimum for the cooldown, from `LIMITS__…`."""

from bot.errors import InvalidRequest
from bot.limits.ledger import Operator
from bot.limits.policy import SMALLER_IS_GENEROUS, Allowance, Scope, more_generous
from cogs.ui.amounts import LIMIT_NAMES, amount


def check_ceilings(operator: Operator, scope: Scope, chosen: Allowance) -> None:
    """Raise `InvalidRequest` that names each ceiling which a choice is more generous than."""
    ceilings = operator.server if scope is Scope.SERVER else operator.member
    wrong = [
        f"{LIMIT_NAMES[limit]} can be {'at least' if limit in SMALLER_IS_GENEROUS else 'at most'} "
        f"**{amount(ceilings[limit])}**, not {amount(value)}"
        for limit, value in chosen.items()
        if limit in ceilings and more_generous(limit, value, ceilings[limit])
    ]
    if wrong:
        raise InvalidRequest(f"Whoever runs the bot has set a ceiling: {'; '.join(wrong)}. Nothing was changed.")
