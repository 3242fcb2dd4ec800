"""The changes between two prompts, word by word: removed words struck through, new ones bold."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from typing import Final

from cogs.ui.text import one_line, plain

# Chinese and Japanese have no spaces between words, so each character counts as one; so does punctuation.
_CHARACTER_ALONE: Final = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
_WORD: Final = re.compile(rf"{_CHARACTER_ALONE}|(?:(?!{_CHARACTER_ALONE})[\w'\u2019-])+|[^\w\s]")
_KEPT_AROUND: Final = 8  # words beside a change; the rest of a long unchanged part is left out
_CUT: Final = "…"


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    after_space: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring words with one mark around them."""

    words: Sequence[_Word]
    mark: str

    def __str__(self) -> str:
        joined = "".join(f"{' ' if word.after_space else ''}{word.text}" for word in self.words)
        text = plain(joined)
        return f"{self.mark}{text}{self.mark}"


def word_diff(before: str, after: str, characters: int) -> str | None:
    """Return the words of two prompts in Discord's markdown, the changed ones marked; None if no word changed.

    It has at most `characters`; an ellipsis stands for each part that is left out.
    """
    old, new = _words(before), _words(after)
    if [word.text for word in old] == [word.text for word in new]:
        return None
    return _joined(_runs(old, new), characters)


def _words(prompt: str) -> Sequence[_Word]:
    line = one_line(prompt)
    return [_Word(found[0], line[found.start() - 1 : found.start()] == " ") for found in _WORD.finditer(line)]


def _runs(old: Sequence[_Word], new: Sequence[_Word]) -> Iterator[_Run]:
    matcher = SequenceMatcher(None, [word.text for word in old], [word.text for word in new], autojunk=False)
    for kind, first, last, new_first, new_last in matcher.get_opcodes():
        if kind == "equal":
            is_first, is_last = new_first == 0, new_last == len(new)
            yield _Run(_shortened(new[new_first:new_last], is_first=is_first, is_last=is_last), "")
            continue
        if first < last:
            yield _Run(old[first:last], "~~")
        if new_first < new_last:
            yield _Run(new[new_first:new_last], "**")


def _shortened(words: Sequence[_Word], *, is_first: bool, is_last: bool) -> Sequence[_Word]:
    """Return an unchanged part with its middle left out, or the end that is beside no change."""
    head = [] if is_first else words[:_KEPT_AROUND]
    tail = [] if is_last else words[-_KEPT_AROUND:]
    if len(words) <= len(head) + len(tail) + 1:
        return words
    return list(chain(head, [_Word(_CUT, after_space=bool(head))], tail))


def _joined(runs: Iterator[_Run], characters: int) -> str:
    text, last_mark = "", ""
    for run in runs:
        replaces = last_mark == "~~" and run.mark == "**"
        gap = " " if text and (run.words[0].after_space or replaces) else ""
        if len(text) + len(gap) + len(str(run)) > characters - len(_CUT) - 1:
            return f"{text} {_CUT}".lstrip()
        text, last_mark = f"{text}{gap}{run}", run.mark
    return text
