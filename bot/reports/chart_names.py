"""People's names for a chart: any name, in one line and in the letters of its font."""

import unicodedata
from collections.abc import Mapping
from functools import cached_property
from typing import Final

from matplotlib.font_manager import findfont, get_font

_DIGITS: Final = 4


class ChartNames:
    """Names by Discord's id; who has none that can be shown is called by the last digits of theirs."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = names

    def of(self, user_id: int) -> str:
        """Return what a member is called."""
        plain = unicodedata.normalize("NFKC", self._names.get(user_id, ""))  # also out of fancy alphabets
        known = " ".join("".join(c for c in plain if c.isprintable() and ord(c) in self._glyphs).split())
        return known or f"member {str(user_id)[-_DIGITS:]}"

    @cached_property
    def _glyphs(self) -> frozenset[int]:
        """Return the code points that matplotlib's own font has; any other would be an empty box."""
        return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())
