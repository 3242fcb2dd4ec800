"""Commands as they were declared: what Discord's client checks before it sends them is checked here once more."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord
import structlog
from discord import AppCommandOptionType as Kind
from discord import app_commands

log = structlog.get_logger(__name__)

_STRING_MAX: Final = 6000  # characters, Discord's bound where an option has none of its own
_WHOLE_MAX: Final = 2**53  # likewise for numbers
_CAUSE_SHOWN: Final = 200  # characters
_NESTING: Final = (Kind.subcommand.value, Kind.subcommand_group.value)
_CLASSES: Final[Mapping[Kind, tuple[type, ...]]] = {
    Kind.user: (discord.User, discord.Member),
    Kind.role: (discord.Role,),
    Kind.channel: (app_commands.AppCommandChannel, app_commands.AppCommandThread),
    Kind.mentionable: (discord.User, discord.Member, discord.Role),
    Kind.attachment: (discord.Attachment,),
    Kind.boolean: (bool,),
}


class CommandTree(app_commands.CommandTree[Any]):
    """Lets in commands whose options are of the declared kinds and within their bounds; discord.py checks neither."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Raise `CommandSignatureMismatch` for a command that no client would have sent; ignore other interactions."""
        try:
            command, fits = interaction.command, _fits(interaction)
        except Exception as cause:  # noqa: BLE001  (after any error of discord.py, no response is possible)
            log.warning("command_invalid", cause=repr(cause)[:_CAUSE_SHOWN])
            return False
        if fits or command is None:  # discord.py says itself what it does not know
            return True
        if interaction.type is discord.InteractionType.autocomplete:
            return False
        raise app_commands.CommandSignatureMismatch(command)


def _fits(interaction: discord.Interaction[Any]) -> bool:
    """Return True if a command matches its declaration; raise an exception of any type if it isn't a command."""
    values = dict(iter(interaction.namespace))
    sent: dict[str, Any] = dict(interaction.data or {})
    match interaction.command:
        case app_commands.ContextMenu():
            return sent["target_id"] in sent["resolved"]["messages"]
        case app_commands.Command() as command if interaction.type is discord.InteractionType.autocomplete:
            focused = {option["name"] for option in _options(sent) if option.get("focused")}
            completed = [each for each in command.parameters if each.display_name in focused and each.autocomplete]
            return len(focused) == 1 and any(isinstance(values[each.display_name], str) for each in completed)
        case app_commands.Command() as command:
            known = [each for each in command.parameters if each.display_name in values]
            return all(_is_possible(each, values[each.display_name]) for each in known)
        case _:
            return True


def _options(sent: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the options of the innermost subcommand."""
    options: Sequence[Mapping[str, Any]] = sent.get("options", [])
    inner = next((each for each in options if each["type"] in _NESTING), None)
    return options if inner is None else _options(inner)


def _is_possible(parameter: app_commands.Parameter, value: object) -> bool:
    """Return True if a client could have sent a value for an option."""
    if parameter.choices and value not in [choice.value for choice in parameter.choices]:
        return False
    match parameter.type:
        case Kind.string:
            return isinstance(value, str) and _is_within(parameter, len(value), 0, _STRING_MAX)
        case Kind.integer:
            return (
                isinstance(value, int)
                and not isinstance(value, bool)
                and _is_within(parameter, value, -_WHOLE_MAX, _WHOLE_MAX)
            )
        case Kind.number:
            return (
                isinstance(value, int | float)
                and not isinstance(value, bool)
                and _is_within(parameter, value, -_WHOLE_MAX, _WHOLE_MAX)
            )
        case kind:
            return isinstance(value, _CLASSES[kind])


def _is_within(parameter: app_commands.Parameter, size: float, least: int, most: int) -> bool:
    least_here = least if parameter.min_value is None else parameter.min_value
    most_here = most if parameter.max_value is None else parameter.max_value
    return least_here <= size <= most_here  # false if it isn't a number
