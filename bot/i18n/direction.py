"""Words that are written in the other direction, kept from reordering the sentence around them."""

import re
from collections.abc import Collection
from typing import Final

_FIRST_STRONG_ISOLATE: Final = "\u2068"
_POP_ISOLATE: Final = "\u2069"
# The blocks that Unicode reserves for writing from right to left: Hebrew, Arabic, and those of their kind.
_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_NOT_READ: Final = re.compile(r"(`[^`]*`|\]\([^)]*\)|<[^>]*>)")  # code, addresses of links, mentions and times


def turns(text: str) -> bool:
    """Return True if a text has characters that are written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def isolated_in(message: str, names: Collection[str]) -> str:
    """Return a message whose named placeholders don't reorder the words around them (Unicode's isolates).

    Code stays as it is: people copy it, and Discord shows it apart from the sentence. So do addresses and mentions.
    """
    placeholder = re.compile(r"\{(?:" + "|".join(map(re.escape, names)) + r")(?:[:!][^}]*)?\}")
    parts = _NOT_READ.split(message)
    parts[::2] = [placeholder.sub(_isolated, part) for part in parts[::2]]
    return "".join(parts)


def _isolated(placeholder: re.Match[str]) -> str:
    return f"{_FIRST_STRONG_ISOLATE}{placeholder[0]}{_POP_ISOLATE}"
