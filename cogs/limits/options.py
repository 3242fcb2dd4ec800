"""The options of limits: a decorator that gives a command one for each, within its bounds."""

from collections.abc import Callable, Iterable
from typing import Final

from discord.app_commands import Range

from bot.i18n import N_
from bot.limits.bounds import BOUNDS
from bot.limits.policy import Limit
from cogs.shared.command_options import CommandOption, CommandT, command_options

# discord.py hands descriptions to its `Translator`, which looks them up when the commands are registered.
_DESCRIPTIONS: Final = {
    Limit.IMAGES_PER_HOUR: N_("Pictures per rolling hour (0 = none)"),
    Limit.IMAGES_PER_DAY: N_("Pictures per rolling 24 hours (0 = none)"),
    Limit.CREDITS_PER_MONTH: N_("Apiframe credits per rolling 30 days (0 = none)"),
    Limit.CONCURRENT: N_("Pictures at once (0 = none)"),
    Limit.COOLDOWN: N_("Seconds between two pictures (0 = no cooldown)"),
    Limit.MAX_MEGAPIXELS: N_("Largest picture, in megapixels (0.25 to 4)"),
    Limit.MAX_REFERENCES: N_("Reference images per picture (0 to 8)"),
    Limit.PICTURES_PER_REQUEST: N_("Pictures from one command (1 to 4)"),
}


def limit_options(limits: Iterable[Limit]) -> Callable[[CommandT], CommandT]:
    """Give a command an option for each limit, replacing its `**limits`, which have None for unset ones."""
    return command_options([_option(limit) for limit in limits])


def _option(limit: Limit) -> CommandOption:
    bounds = BOUNDS[limit]
    kind = int if bounds.whole else float
    return CommandOption(limit.value, Range[kind, bounds.least, bounds.most], _DESCRIPTIONS[limit])
