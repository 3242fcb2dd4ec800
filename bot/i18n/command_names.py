"""The names of commands and options in one language, and the texts that mention them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

COMMAND: Final = "command"
"""The context of the names of commands, subcommands, groups and context menus."""
OPTION: Final = "option"
"""The context of the names of options."""
_APART: Final = frozenset({"limits share"})
"""Subcommands whose word means something else than elsewhere: `/limits share` is a noun, and `/style share` a verb."""

_CODE: Final = re.compile(r"(`[^`\n]*`)")
_MENTION: Final = re.compile(r"(?<![\w/<`])/([\w-]+(?: [\w-]+)*)")
_CHOSEN: Final = re.compile(r"(?<=\s)([\w-]+)(?=:\S|:$)")


def command_context(path: str) -> str:
    """Return the context of a command's name: `command`, with its group behind it if the name stands apart."""
    return f"{COMMAND} {group_of(path)}" if path in _APART else COMMAND


def group_of(path: str) -> str:
    """Return the group that a subcommand such as `limits show` is in; a command by itself is in none."""
    return path.rpartition(" ")[0]


def is_context_of_names(context: str | None) -> bool:
    """Return True for the context of names of commands or options."""
    return (context or "").partition(" ")[0] in {COMMAND, OPTION}


@dataclass(frozen=True, slots=True)
class CommandNames:
    """Names by those in the code; one that isn't here is called as in the code.

    A subcommand whose name stands apart is here by its path, such as `limits share`.
    """

    commands: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    """The words of commands, also those that are called as in the code."""

    @property
    def renames(self) -> bool:
        """Return True if anything is called otherwise than in the code."""
        return bool(self.commands or self.options)

    def command(self, word: str, group: str = "") -> str:
        """Return a command, or one word of a subcommand in a group, as this language calls it."""
        return self.commands.get(f"{group} {word}", self.commands.get(word, word))

    def path(self, command: str) -> str:
        """Return a command such as `limits show` as this language calls it."""
        words = command.split(" ")
        return " ".join(self.command(word, " ".join(words[:place])) for place, word in enumerate(words))

    def option(self, name: str) -> str:
        """Return an option as this language calls it."""
        return self.options.get(name, name)

    def named_in(self, text: str) -> str:
        """Return a text that mentions commands and options by these names.

        Options are only mentioned as code. What people write to the bot as text, such as `style: none`, is the same
        in every language, and has a space behind its colon.
        """
        if not self.renames or ("`" not in text and "/" not in text):
            return text
        parts = _CODE.split(text)
        parts[::2] = [_MENTION.sub(self._mention, part) for part in parts[::2]]
        parts[1::2] = [f"`{self._code(part[1:-1])}`" for part in parts[1::2]]
        return "".join(parts)

    def _code(self, code: str) -> str:
        if not code.startswith("/"):
            return self.option(code)
        named = _MENTION.sub(lambda mention: f"/{self.path(mention[1])}", code)
        return _CHOSEN.sub(lambda name: self.option(name[1]), named)

    def _mention(self, mention: re.Match[str]) -> str:
        """Return a command by its names, up to the first word that isn't one."""
        words = mention[1].split(" ")
        named = next((number for number, word in enumerate(words) if word not in self.known), len(words))
        return "/" + " ".join([self.path(" ".join(words[:named])), *words[named:]]).lstrip()
