"""Characters that nobody sees."""

import re
import unicodedata
from typing import Final

_UNSEEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
# Letters, marks and symbols by their category, with nothing to see: fillers, joiners, selectors, the blank of Braille.
_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def has_something_to_see(text: str) -> bool:
    """Return True if a text has a character that is more than white space and not invisible."""
    return any(unicodedata.category(each) not in _UNSEEN_CATEGORIES for each in _BLANK.sub("", text))
