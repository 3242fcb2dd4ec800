"""A language that nobody speaks: accents, brackets and 40 % more letters, which show what never was translated."""

import re
from gettext import NullTranslations

_ACCENTS = str.maketrans("aeiouyAEIOUY", "àéîõüýÀÉÎÕÜÝ")
# The parts of a text that a translator doesn't change: placeholders, mentions and timestamps, code, and the addresses
# of links.
_KEPT = re.compile(r"(\{[^}]*\}|<[^>]*>|`[^`]*`|\]\([^)]*\))")


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


def pseudo(message: str) -> str:
    """Return `message` as it reads in the pseudo-language."""
    parts = _KEPT.split(message)
    words = "".join(part if index % 2 else part.translate(_ACCENTS) for index, part in enumerate(parts))
    return f"⟦{words}{'~' * round(0.4 * sum(map(len, parts[::2])))}⟧"


def unmarked(text: str) -> str:
    """Return a text without the brackets, which no real language has around each message."""
    return re.sub(r"[⟦⟧]", "", text)


def untranslated(text: str) -> str:
    """Return the words of a text outside of every message of the pseudo-language, if it has any."""
    outside = re.sub(r"⟦[^⟦⟧]*⟧", "", text)
    while outside != (outside := re.sub(r"⟦[^⟦⟧]*⟧", "", outside)):
        pass  # a message within a message
    return " ".join(re.findall(r"[^\W\d_]{2,}", _KEPT.sub("", outside)))
