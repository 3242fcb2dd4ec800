"""The names of commands and options in one language, and the texts that mention them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

COMMAND: Final = "command"
"""The context of the names of commands, subcommands, groups and context menus."""
OPTION: Final = "option"
"""The context of the names of options."""

_CODE: Final = re.compile(r"(`[^`\n]*`)")
_MENTION: Final = re.compile(r"(?<![\w/<`])/([\w-]+(?: [\w-]+)*)")
_CHOSEN: Final = re.compile(r"(?<=\s)([\w-]+)(?=:\S|:$)")


@dataclass(frozen=True, slots=True)
class CommandNames:
    """Names by those in the code; one that isn't here is called as in the code."""

    commands: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    """The words of commands, also those that are called as in the code."""

    @property
    def renames(self) -> bool:
        """Return True if anything is called otherwise than in the code."""
        return bool(self.commands or self.options)

    def command(self, word: str) -> str:
        """Return a command, or one word of a subcommand, as this language calls it."""
        return self.commands.get(word, word)

    def path(self, command: str) -> str:
        """Return a command such as `limits show` as this language calls it."""
        return " ".join(map(self.command, command.split(" ")))

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
