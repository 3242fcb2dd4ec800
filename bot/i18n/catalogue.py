"""One language: its messages, and how it writes numbers and lists."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from datetime import time
from gettext import GNUTranslations, NullTranslations
from typing import IO, Final, Protocol

from bot.i18n.command_names import COMMAND, OPTION, CommandNames

_CONTEXT_ENDS: Final = "\x04"
Key = str | tuple[str, int]
"""A message, with its context in front of it if it has one; with a number if it's a plural form of it."""


class Formats(Protocol):
    """How a language writes numbers, lists and sentences."""

    @property
    def name(self) -> str:
        """Return the language, such as `pt_BR`."""

    @property
    def between_sentences(self) -> str:
        """Return what stands between two sentences: a space, or nothing."""

    @property
    def number_signs(self) -> tuple[str, str]:
        """Return what stands between groups of digits, and before decimals."""

    def presented(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """Return the values of placeholders; numbers among them take a format and write themselves."""

    def number(self, value: float, spec: str) -> str:
        """Return a number as Python's format does, with the language's own signs in it."""

    def clock(self, at: time) -> str:
        """Return a time of the day without seconds, such as `8:00`."""

    def and_list(self, names: Sequence[str]) -> str:
        """Return names as a list that ends here, such as `a, b und c`."""

    def comma_list(self, names: Sequence[str]) -> str:
        """Return names as a list that goes on, such as `a, b, c`."""


class CompiledMessages(GNUTranslations):
    """The messages of a compiled file, by their keys."""

    _catalog: dict[Key, str]
    plural: Callable[[int], int]

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.messages: dict[Key, str] = {key: text for key, text in self._catalog.items() if key}


def english_plural(count: int) -> int:
    """Return the number of the plural form that English has for a number."""
    return int(count != 1)


class Catalogue(NullTranslations):
    """The messages of a language. One that is missing comes from `english`, and from the code where that has none.

    All of them mention commands by the names that this language has for them. `registered` are those without a
    language, which Discord has in links.
    """

    def __init__(
        self,
        messages: Mapping[Key, str],
        plural_form: Callable[[int], int] = english_plural,
        formats: Formats | None = None,
        english: "Catalogue | None" = None,
    ) -> None:
        super().__init__()
        self.formats = formats
        self.messages = messages
        self._english = english
        self._plural_form = plural_form
        self.names: CommandNames = _names(messages, english.names if english else CommandNames())
        self.registered = english.names if english else self.names
        overridden = english.messages if english else {}
        others: dict[Key, str] = {key: text for key, text in overridden.items() if isinstance(key, str)}
        self._shown = {key: self.names.named_in(text) for key, text in (others | dict(messages)).items()}

    def written_as(self, formats: Formats) -> "Catalogue":
        """Return the same messages with the numbers and lists of another country."""
        abroad = copy(self)
        abroad.formats = formats
        return abroad

    def gettext(self, message: str) -> str:
        """Return a message in this language."""
        found = self._shown.get(message)
        return self.names.named_in(message) if found is None else found

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the plural form for a number in this language."""
        found = self._shown.get((msgid1, self._plural_form(n)))
        return self.names.named_in(self._english_form(msgid1, msgid2, n)) if found is None else found

    def pgettext(self, context: str, message: str) -> str:
        """Return a message in this language that means something else in other contexts."""
        found = self._shown.get(in_context(context, message))
        return self.names.named_in(message) if found is None else found

    def _english_form(self, singular: str, plural: str, count: int) -> str:
        form = english_plural(count)
        overridden = None if self._english is None else self._english.messages.get((singular, form))
        return (plural if form else singular) if overridden is None else overridden


def _names(messages: Mapping[Key, str], others: CommandNames) -> CommandNames:
    """Return the names of a language. Those that it lacks or leaves as they are follow the others."""
    found: dict[str, dict[str, str]] = {COMMAND: dict(others.commands), OPTION: dict(others.options)}
    known = set(others.known)
    for key, text in messages.items():
        context, ends, name = key.partition(_CONTEXT_ENDS) if isinstance(key, str) else ("", "", "")
        kind, _space, group = context.partition(" ")
        if ends and kind in found and (group or text != name):
            found[kind][f"{group} {name}" if group else name] = text
        if ends and kind == COMMAND:
            known.add(name)
    return CommandNames(found[COMMAND], found[OPTION], frozenset(known))


def in_context(context: str, message: str) -> str:
    """Return the key of a message in a context, as gettext makes it."""
    return f"{context}{_CONTEXT_ENDS}{message}"
