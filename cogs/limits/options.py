"""The options of limits: a decorator that gives a command one for each, within its bounds."""

from collections.abc import Callable, Iterable
from typing import Final

from discord.app_commands import Range

from bot.limits.bounds import BOUNDS
from bot.limits.policy import Limit
from cogs.shared.command_options import CommandOption, CommandT, command_options
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


def limit_options(limits: Iterable[Limit]) -> Callable[[CommandT], CommandT]:
    """Give a command an option for each limit, replacing its `**limits`, which have None for unset ones."""
    return command_options([_option(limit) for limit in limits])


def _option(limit: Limit) -> CommandOption:
    bounds = BOUNDS[limit]
    kind = int if bounds.whole else float
    return CommandOption(limit.value, Range[kind, bounds.least, bounds.most], _DESCRIPTIONS[limit])
