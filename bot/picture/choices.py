"""Choices in a prompt: `{red|blue} boat` stands for a red boat and a blue one.

A backslash before a brace, a `|` or a backslash takes its meaning. Braces without a `|` aren't a choice and stay, and a
prompt without braces is taken as it is. All of these characters may be full-width ones, as in `｛赤｜青｝の船`.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Final

from bot.errors import InvalidRequest
from bot.i18n import _, ngettext
from bot.i18n.typed import half_width
from bot.picture.request import PICTURES_MAX

_TOKEN: Final = re.compile(r"[\\＼](?P<escaped>[{}|\\｛｝｜＼])|(?P<special>[{}|｛｝｜])|(?P<plain>.)", re.DOTALL)
_SPECIAL: Final = re.compile(r"[{}|\\｛｝｜＼]")
_BRACE: Final = re.compile(r"[{}｛｝]")


def prompts_of(typed: str) -> Sequence[str]:
    """Return a prompt for each combination of the choices in a prompt, in order; only itself if it has none.

    Raises `InvalidRequest` for braces without their counterpart, for choices in choices, and for too many of them.
    """
    if not _has_braces(typed):
        return [typed]
    parts = _Parts()
    for special, text in _tokens(typed):
        parts.add(special, text)
    alternatives = parts.closed()
    count = prod(map(len, alternatives))
    if count > PICTURES_MAX:
        raise InvalidRequest(
            ngettext(
                "The braces in your prompt stand for {count} picture, and one command makes up to {most}. Leave some "
                "choices out. Nothing was charged.",
                "The braces in your prompt stand for {count} pictures, and one command makes up to {most}. Leave some "
                "choices out. Nothing was charged.",
                count,
                most=PICTURES_MAX,
            )
        )
    return ["".join(chosen) for chosen in product(*alternatives)]


def escaped(prompt: str) -> str:
    """Return the words to type for exactly this prompt."""
    try:
        is_plain = list(prompts_of(prompt)) == [prompt]
    except InvalidRequest:
        is_plain = False
    return prompt if is_plain else _SPECIAL.sub(r"\\\g<0>", prompt)


class _Parts:
    """The parts of a prompt that were read so far: each is a list of alternatives, only one for plain words."""

    def __init__(self) -> None:
        self._closed: list[list[str]] = [[""]]
        self._opening = ""
        self._open: list[str] = []
        self._depth = 0
        self._is_nested = False

    def add(self, special: str, text: str) -> None:
        """Read a character, which may be a `special` one."""
        match special:
            case "{":
                self._begin(text)
            case "}":
                self._end(text)
            case "|" if self._depth:
                self._open.append("")
            case _:
                self._append(text)

    def closed(self) -> Sequence[Sequence[str]]:
        """Return all parts; raise `InvalidRequest` if a brace is still open."""
        if self._depth:
            raise InvalidRequest(
                _(
                    "A `{brace}` in your prompt is never closed. Close it as in `{example}`, or type `{escape}` for a "
                    "brace. Nothing was charged.",
                    brace="{",
                    example="{red|blue} boat",
                    escape=r"\{",
                )
            )
        return self._closed

    def _begin(self, brace: str) -> None:
        if self._depth:
            self._is_nested = True
            self._append(brace)
        else:
            self._opening, self._open, self._is_nested = brace, [""], False
        self._depth += 1

    def _end(self, brace: str) -> None:
        if not self._depth:
            raise InvalidRequest(
                _(
                    "A `{brace}` in your prompt isn't opened before. Open it as in `{example}`, or type `{escape}` "
                    "for a brace. Nothing was charged.",
                    brace="}",
                    example="{red|blue} boat",
                    escape=r"\}",
                )
            )
        self._depth -= 1
        if self._depth:
            self._append(brace)
        elif len(self._open) == 1:
            self._closed.append([f"{self._opening}{self._open[0]}{brace}"])
        elif self._is_nested:
            raise InvalidRequest(
                _(
                    "Choices in braces can't have braces in them. Put them side by side, as in `{example}`. "
                    "Nothing was charged.",
                    example="{red|blue} {boat|car}",
                )
            )
        else:
            self._closed.append(self._open)

    def _append(self, text: str) -> None:
        if self._depth:
            self._open[-1] += text
        else:
            self._closed.append([text])


def _tokens(typed: str) -> Iterator[tuple[str, str]]:
    """Yield each character as text, with itself before it, as ASCII has it, if it has a meaning here."""
    for found in _TOKEN.finditer(typed):
        special = found["special"] or ""
        yield half_width(special), special or found["escaped"] or found["plain"]


def _has_braces(text: str) -> bool:
    return _BRACE.search(text) is not None
