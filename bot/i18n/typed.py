"""Typed words in any width, and typed numbers with the signs of a language, as the code reads them."""

import re
from typing import Final

from bot.i18n.messages import current_formats

_FIRST, _LAST, _APART = 0x21, 0x7E, 0xFEE0  # of ASCII's signs, and how far their full-width forms are from them
_HALVES: Final = {code + _APART: code for code in range(_FIRST, _LAST + 1)} | {0x3000: 0x20}


def half_width(text: str) -> str:
    """Return a text with ASCII's characters for full-width ones, which Japanese and Chinese keyboards type.

    Each character keeps its place, so a match in this text can be cut out of the other one.
    """
    return text.translate(_HALVES)


def typed_number(words: str) -> str:
    """Return a number as Python reads it, from digits of any width with the language's signs; other words stay."""
    formats = current_formats()
    group, decimal = (",", ".") if formats is None else formats.number_signs
    plain = half_width(words).strip()
    if group.isspace():
        plain = re.sub(r"(?<=[0-9])\s(?=[0-9])", group, plain)
    whole, point, decimals = plain.partition(decimal)
    sign = re.escape(group)
    if re.fullmatch(rf"[0-9]{{1,3}}(?:{sign}[0-9]{{2,3}})*{sign}[0-9]{{3}}", whole):  # Hindi has 12,34,567
        whole = whole.replace(group, "")
    return f"{whole}.{decimals}" if point else whole
