"""People's names for a chart: any name, in one line and in the letters of its font."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

from matplotlib.font_manager import findfont, get_font

from bot.reports.chart_words import ChartWords

_DIGITS: Final = 4


class ChartNames:
    """Names by Discord's id; who has none that can be shown is called by the last digits of theirs."""

    def __init__(self, names: Mapping[int, str], words: ChartWords | None = None) -> None:
        self._names = names
        self._words = words or ChartWords()

    def of(self, user_id: int) -> str:
        """Return what a member is called."""
        plain = unicodedata.normalize("NFKC", self._names.get(user_id, ""))  # also out of fancy alphabets
        known = " ".join("".join(c for c in plain if c.isprintable() and ord(c) in glyphs()).split())
        return known or self._words.say("member", digits=str(user_id)[-_DIGITS:])


@cache
def glyphs() -> frozenset[int]:
    """Return the code points that matplotlib's own font has; any other would be an empty box."""
    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())
