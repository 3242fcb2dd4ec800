"""Blocked words: whole words, however they are disguised. Text in, the word that was found out."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

# Letters of other scripts that look like Latin ones. Folding applies to both sides, so a word in another script is
# still found as itself.
_LOOKALIKES: Final = str.maketrans(
    "аеорсухіјѕԁһԛԝьвкмнтгѵαβεηικνορτυχγωɑɡıȷℓᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢӏⅼոօսհ",
    "aeopcyxijsdhqwbbkmhtrvabenikvoptuxywagijlabcdefghijklmnoprstuvwyzllnouh",
)
_INVISIBLE: Final = frozenset({"Cf", "Me", "Cc"})
_BLANKS: Final = frozenset("\u115f\u1160")  # letters by their category, but nothing to see
# Marks that Latin, Greek, Cyrillic, Hebrew and Arabic words are the same without; elsewhere a mark may be a vowel.
_ACCENTS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f"
    "\u180b-\u180d\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f\U000e0100-\U000e01ef]"
)
# Thai, Lao, Burmese, Khmer, Chinese and Japanese put no spaces between words, so each sign counts as a word.
_UNSPACED: Final = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)


def fold(text: str) -> str:
    """Return `text` with case, accents, widths, invisible characters and look-alike letters taken away."""
    decomposed = unicodedata.normalize("NFKD", text)
    spaced = "".join(" " if c.isspace() else c for c in decomposed)
    visible = "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE and c not in _BLANKS)
    # Once more after the case is folded: a look-alike may be the small letter of another.
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", visible.casefold()))
    return unicodedata.normalize("NFC", bare.translate(_LOOKALIKES))


def find_blocked_word(prompt: str, blocked: Iterable[str]) -> str | None:
    """Return the first blocked word or phrase that stands in a prompt as whole words, or None."""
    said = f" {_words(prompt)} "
    return next((word for word in blocked if (folded := _words(word)) and f" {folded} " in said), None)


def _words(text: str) -> str:
    letters = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in fold(text))
    return " ".join(_UNSPACED.sub(r" \1 ", letters).split())
