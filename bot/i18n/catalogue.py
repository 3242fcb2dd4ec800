"""One language: its messages, and how it writes numbers and lists."""

from collections.abc import Callable, Mapping, Sequence
from gettext import GNUTranslations, NullTranslations
from typing import IO, Protocol

Key = str | tuple[str, int]
"""A message, with its context in front of it if it has one; with a number if it's a plural form of it."""


class Formats(Protocol):
    """How a language writes numbers and lists."""

    def presented(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """Return the values of placeholders; numbers among them take a format and write themselves."""

    def number(self, value: float, spec: str) -> str:
        """Return a number as Python's format does, with the language's own signs in it."""

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


class Catalogue(NullTranslations):
    """The messages of a language. One that is missing comes from `missing_from`, and from the code where that ends."""

    def __init__(
        self,
        messages: Mapping[Key, str],
        plural_form: Callable[[int], int],
        formats: Formats | None = None,
        missing_from: NullTranslations | None = None,
    ) -> None:
        super().__init__()
        self.messages = messages
        self.formats = formats
        self._plural_form = plural_form
        self._else = missing_from or NullTranslations()

    def gettext(self, message: str) -> str:
        """Return a message in this language."""
        found = self.messages.get(message)
        return self._else.gettext(message) if found is None else found

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the plural form for a number in this language."""
        found = self.messages.get((msgid1, self._plural_form(n)))
        return self._else.ngettext(msgid1, msgid2, n) if found is None else found

    def pgettext(self, context: str, message: str) -> str:
        """Return a message in this language that means something else in other contexts."""
        found = self.messages.get(in_context(context, message))
        return self._else.pgettext(context, message) if found is None else found

    def name_of(self, context: str, message: str) -> str | None:
        """Return the translation of a message if this language has one of its own."""
        return self.messages.get(in_context(context, message) if context else message)


def in_context(context: str, message: str) -> str:
    """Return the key of a message in a context, as gettext makes it."""
    return f"{context}\x04{message}"
