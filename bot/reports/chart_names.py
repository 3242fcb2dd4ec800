"""People's names for a chart: any name, in one line and in the letters of its fonts."""

import unicodedata
from collections.abc import Collection, Mapping
from typing import Final

from bot.reports.chart_words import ChartWords

_DIGITS: Final = 4


class ChartNames:
    """Names by Discord's id; who has none that can be shown is called by the last digits of theirs."""

    def __init__(self, names: Mapping[int, str], words: ChartWords, glyphs: Collection[int]) -> None:
        self._names = names
        self._words = words
        self._glyphs = glyphs

    def of(self, user_id: int) -> str:
        """Return what a member is called."""
        known = "".join(c for c in plain_name(self._names.get(user_id, "")) if ord(c) in self._glyphs)
        return " ".join(known.split()) or self._words.say("member", digits=str(user_id)[-_DIGITS:])


def plain_name(name: str) -> str:
    """Return a name out of fancy alphabets and without control characters."""
    return "".join(c for c in unicodedata.normalize("NFKC", name) if c.isprintable())
