"""Which characters Discord takes for emoji: those of Unicode's list, and the letters that make flags."""

from typing import Final

from emoji import is_emoji as is_listed

_FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)  # each alone is one of Discord's, though Unicode counts only pairs


def is_emoji(name: str) -> bool:
    """Return True if a name is one Unicode emoji, spelt with or without its variation selector."""
    return is_listed(name) or (len(name) == 1 and ord(name) in _FLAG_LETTERS)
