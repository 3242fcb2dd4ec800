"""Foreign words made harmless: no markdown, no mention, no line break of theirs reaches a message."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

from bot.i18n import _, and_list, comma_list
from bot.picture.origin import NOBODY

PROMPT_SHOWN = 200  # characters of a prompt on a card; Details and alt text have more
ALT_TEXT_MAX = 1024  # Discord's bound
SENTENCE_MAX = 2000  # likewise, of a message without components
CARD_TEXT_MAX = 4000  # and of one with components, all texts together
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")  # Discord's markdown lets a backslash escape any of ASCII's
_SLUG_CHARACTERS = 40


def plain(text: str) -> str:
    """Return `text` as one line that Discord shows literally: every markup character escaped, controls removed."""
    return _PUNCTUATION.sub(r"\\\1", one_line(text))


def one_line(text: str) -> str:
    """Return `text` with white space folded, and without the invisible characters that turn or hide what follows."""
    visible = "".join(" " if c.isspace() else c for c in text if c.isspace() or not _hides(c))
    return " ".join(visible.split())


def person(user_id: int) -> str:
    """Return a mention of somebody, or words for those who asked to be forgotten."""
    return _("deleted user") if user_id == NOBODY else f"<@{user_id}>"


def cut(text: str, characters: int) -> str:
    """Return `text` shortened to at most `characters`, visibly."""
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"


def few(names: Sequence[str], more: Callable[[str, int], str], shown: int = 3) -> str:
    """Return names as a list in a sentence; of many, the first ones and how many `more` of this kind there are."""
    if len(names) <= shown:
        return and_list(names)
    return more(comma_list(names[:shown]), len(names) - shown)


def shown_prompt(prompt: str, characters: int = PROMPT_SHOWN) -> str:
    """Return a prompt for a card: one literal line, long ones cut."""
    return plain(cut(one_line(prompt), characters))


def alt_text(prompt: str) -> str:
    """Return a prompt as the description of its picture."""
    return cut(one_line(prompt), ALT_TEXT_MAX)


SMALLER: Final = "-smaller"
"""Ends the name of a file without its suffix if the file is a smaller copy of the picture."""


def file_stem(prompt: str, mark: str) -> str:
    """Return a file name without suffix: a few words of the prompt in ASCII, and a mark that is the picture's own."""
    ascii_words = unicodedata.normalize("NFKD", prompt).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", ascii_words))[:_SLUG_CHARACTERS].strip("-")
    return f"{slug or 'picture'}-{mark}"


def _hides(character: str) -> bool:
    # Cc: control; Cf: bidirectional overrides and the like, but not the joiners that emoji are made with.
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character not in "\u200d\ufe0f"
