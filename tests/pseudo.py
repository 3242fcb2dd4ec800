"""A language that nobody speaks: accents, brackets and 40 % more letters, which show what never was translated.

It can be read back: `read_back` returns the English text, so that tests written for English run in it unchanged.
"""

import re
from gettext import NullTranslations
from typing import Final

_VOWELS: Final = "aeiouyAEIOUY"
_ACCENTED: Final = "ȧẽȉȯũỹȦẼȈȮŨỸ"  # none of which anybody types in the tests
_ACCENTS: Final = str.maketrans(_VOWELS, _ACCENTED)
_PADDING: Final = "≈"
_BACK: Final = str.maketrans(_ACCENTED, _VOWELS, f"⟦⟧{_PADDING}")
# The parts of a text that a translator doesn't change: placeholders, mentions and timestamps, code, and the addresses
# of links.
_KEPT: Final = re.compile(r"(\{[^}]*\}|<[^>]*>|```.*?```|`[^`]*`|\]\([^)]*\)|https?://\S+)", re.DOTALL)


class PseudoLanguage(NullTranslations):
    """A catalogue that knows every message."""

    def gettext(self, message: str) -> str:
        """Return a message between brackets, accented and longer."""
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the plural form that English would take."""
        return pseudo(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002  (the same whatever it means)
        """Return a message between brackets, whatever the context."""
        return pseudo(message)


def pseudo(message: str, most: int | None = None) -> str:
    """Return `message` as it reads in the pseudo-language, in at most this many characters."""
    words, longer = accented(message), round(0.4 * sum(map(len, _KEPT.split(message)[::2])))
    room = longer if most is None else min(longer, most - len(message) - 2)
    return words if room < 0 else f"⟦{words}{_PADDING * room}⟧"


def accented(message: str) -> str:
    """Return `message` with accents only, as long as it is."""
    parts = _KEPT.split(message)
    return "".join(part if index % 2 else part.translate(_ACCENTS) for index, part in enumerate(parts))


def read_back(text: str) -> str:
    """Return the English text from which one of the pseudo-language was made."""
    return text.translate(_BACK)


def plain_words(text: str) -> list[str]:
    """Return the words of a text that aren't in the pseudo-language: those with a vowel without an accent."""
    words = re.findall(r"[^\W\d_]{2,}", _KEPT.sub(" ", text))
    return [word for word in words if any(letter in _VOWELS for letter in word)]


def unmarked(text: str) -> str:
    """Return a text without the brackets, which no real language has around each message."""
    return re.sub(r"[⟦⟧]", "", text)


def untranslated(text: str) -> str:
    """Return the words of a text outside of every message of the pseudo-language, if it has any."""
    outside = re.sub(r"⟦[^⟦⟧]*⟧", "", text)
    while outside != (outside := re.sub(r"⟦[^⟦⟧]*⟧", "", outside)):
        pass  # a message within a message
    return " ".join(re.findall(r"[^\W\d_]{2,}", _KEPT.sub("", outside)))
