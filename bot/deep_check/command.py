"""The command that the deep check registers for a moment, with the kinds of options that the bot's commands have."""

from collections.abc import Iterator
from typing import Any, Final

from bot.deep_check.comparison import Difference, Problem, Source, kind_of

_STRING, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _ROLE, _ATTACHMENT = 3, 4, 5, 6, 7, 8, 11
COMMAND: Final[dict[str, Any]] = {
    "name": "imagine-bot-deep-check",
    "type": 1,
    "description": "Registered by `imagine-bot check --deep`, and removed in a moment",
    "default_member_permissions": 0,  # nobody but administrators sees it
    "options": [
        {"type": _STRING, "name": "text", "description": "Text", "required": True, "min_length": 1, "max_length": 2000},
        {"type": _STRING, "name": "suggested", "description": "Text with suggestions", "autocomplete": True},
        {
            "type": _STRING,
            "name": "chosen",
            "description": "One of two",
            "choices": [{"name": "One", "value": "1"}, {"name": "Two", "value": "2"}],
        },
        {"type": _INTEGER, "name": "number", "description": "A number", "min_value": 0, "max_value": 2**53 - 1},
        {"type": _BOOLEAN, "name": "flag", "description": "Yes or no"},
        {"type": _USER, "name": "member", "description": "A member"},
        {"type": _CHANNEL, "name": "channel", "description": "A text channel", "channel_types": [0]},
        {"type": _ROLE, "name": "role", "description": "A role"},
        {"type": _ATTACHMENT, "name": "file", "description": "A file"},
    ],
}


def returned_differently(registered: object) -> list[Difference]:
    """Return the places in which Discord's copy of the command differs from ours; additions don't count.

    The bot compares its commands in this way at each start, and registers them again if they differ.
    """
    return list(_differences(COMMAND, registered, "$"))


def _differences(sent: object, returned: object, path: str) -> Iterator[Difference]:
    if isinstance(sent, dict) and isinstance(returned, dict):
        for name, each in sent.items():
            yield from _differences(each, returned.get(name), f"{path}.{name}")
    elif isinstance(sent, list) and isinstance(returned, list) and len(sent) == len(returned):
        for item, other in zip(sent, returned, strict=True):
            yield from _differences(item, other, f"{path}[]")
    elif str(sent) != str(returned):  # Discord returns permissions as text
        yield Difference(path, Problem.VALUE, "the value that was sent", kind_of(returned), Source.BOT)
