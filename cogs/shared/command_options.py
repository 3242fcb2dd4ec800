"""Options that a table lists, given to a slash command one by one."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from discord import app_commands
from discord.app_commands import Choice

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class CommandOption:
    """An option that may be left out; discord.py reads its `annotation`, and `choices` are labels by value."""

    name: str
    annotation: Any
    description: str
    choices: Mapping[str, str] = field(default_factory=dict)


def command_options(options: Sequence[CommandOption]) -> Callable[[CommandT], CommandT]:
    """Give a command these options in place of its `**kwargs`, which get None for an option that was left out.

    They come behind the command's positional parameters, and before its keyword-only ones. discord.py makes options
    from a function's signature, and a function may say what to read as that (PEP 362).
    """

    def decorate(command: CommandT) -> CommandT:
        signature = inspect.signature(command)
        *own, _ = signature.parameters.values()
        after = [each for each in own if each.kind is inspect.Parameter.KEYWORD_ONLY]
        before = [each for each in own if each not in after]
        spelled_out = signature.replace(parameters=[*before, *map(_parameter, options), *after])
        command.__signature__ = spelled_out  # type: ignore[attr-defined]  # of which the type of functions says nothing
        described = app_commands.describe(**{each.name: each.description for each in options})(command)
        return app_commands.choices(**{each.name: _choices(each) for each in options if each.choices})(described)

    return decorate


def _parameter(option: CommandOption) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(option.name, kind, default=None, annotation=option.annotation | None)


def _choices(option: CommandOption) -> list[Choice[str]]:
    return [Choice(name=label, value=value) for value, label in option.choices.items()]
