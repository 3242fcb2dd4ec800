"""The options of limits, spelt once: a decorator that gives a command one for each, within its bounds."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from discord import app_commands
from discord.app_commands import Range

from bot.limits.bounds import BOUNDS
from bot.limits.policy import Limit
from cogs.ui.amounts import span

_DESCRIPTIONS: Final = {
    Limit.IMAGES_PER_HOUR: "Pictures in any 60 minutes; 0 is none at all",
    Limit.IMAGES_PER_DAY: "Pictures in any 24 hours; 0 is none at all",
    Limit.CREDITS_PER_MONTH: "Apiframe's credits in any 30 days; 0 is none at all",
    Limit.CONCURRENT: "Pictures at the same time; 0 is none at all",
    Limit.COOLDOWN: "Seconds between two requests; 0 is no pause",
    Limit.MAX_MEGAPIXELS: f"How large a picture may be, {span(Limit.MAX_MEGAPIXELS)}",
    Limit.MAX_REFERENCES: f"How many reference images a picture may have, {span(Limit.MAX_REFERENCES)}",
}
CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def limit_options(limits: Iterable[Limit]) -> Callable[[CommandT], CommandT]:
    """Give a command an option for each limit, in place of its `**limits`, which have None for what is left out.

    discord.py makes options from a function's signature; a function may say what to read as that (PEP 362).
    """
    listed = tuple(limits)

    def decorate(command: CommandT) -> CommandT:
        signature = inspect.signature(command)
        *own, _ = signature.parameters.values()
        spelt = signature.replace(parameters=[*own, *map(_parameter, listed)])
        command.__signature__ = spelt  # type: ignore[attr-defined]  # of which the type of functions says nothing
        return app_commands.describe(**{limit.value: _DESCRIPTIONS[limit] for limit in listed})(command)

    return decorate


def _parameter(limit: Limit) -> inspect.Parameter:
    bounds = BOUNDS[limit]
    kind = int if bounds.whole else float
    return inspect.Parameter(
        limit.value,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Range[kind, bounds.least, bounds.most] | None,
    )
