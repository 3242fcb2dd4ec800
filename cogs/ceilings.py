"""What the operator leaves to moderators: nothing above, or for a pause below, the limits of `LIMITS__…`."""

from collections.abc import Mapping

from bot.errors import InvalidRequest
from bot.limits.policy import SMALLER_IS_GENEROUS, Limit, Scope
from bot.settings import LimitSettings
from cogs.ui.amounts import LIMIT_WORDS, amount


def check_ceilings(settings: LimitSettings, scope: Scope, chosen: Mapping[Limit, float]) -> None:
    """Raise `InvalidRequest` that names each ceiling which a choice is more generous than."""
    ceilings = settings.server if scope is Scope.SERVER else settings.member
    known = {Limit(name): value for name, value in ceilings.model_dump(exclude_none=True).items()}
    wrong = [
        f"{LIMIT_WORDS[limit]} can be {'at least' if limit in SMALLER_IS_GENEROUS else 'at most'} "
        f"**{amount(known[limit])}**, not {amount(value)}"
        for limit, value in chosen.items()
        if limit in known and _is_beyond(limit, value, known[limit])
    ]
    if wrong:
        raise InvalidRequest(f"Whoever runs the bot has set a ceiling: {'; '.join(wrong)}. Nothing was changed.")


def _is_beyond(limit: Limit, value: float, ceiling: float) -> bool:
    return value < ceiling if limit in SMALLER_IS_GENEROUS else value > ceiling
