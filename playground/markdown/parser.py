"""Discord's markdown as tokens: the rules of markdown-it-py that hold in Discord too, and our own for the rest.

There are also `underline`, `strike`, `spoiler` and `subtext` (each `_open` and `_close`). `mention`, `emoji` and
`timestamp` are single tokens; their `meta` has `kind` with `id` or `name`, `name`, and `seconds` with `style`.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from playground.markdown.blocks import add_lines
from playground.markdown.inline import add_words

COVER = "▮▮▮"
_OPTIONS = {"breaks": True, "maxNesting": 40}
_BREAKS = {"softbreak", "hardbreak"}


@cache
def parser() -> MarkdownIt:
    """Return the parser of Discord's markdown, which doesn't depend on the reader."""
    made = MarkdownIt("zero", _OPTIONS).enable(["newline", "escape", "backticks"])
    add_lines(made)
    add_words(made)
    return made


def parse(text: str) -> list[Token]:
    """Return the tokens of a text: blocks, with the content of their lines as `children` of `inline` tokens."""
    return parser().parse(text)


def covered(children: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens of a line with `COVER` in place of each spoiler."""
    depth = 0
    for token in children:
        depth -= token.type == "spoiler_close"
        if not depth and not token.type.startswith("spoiler"):
            yield token
        elif not depth and token.type == "spoiler_open":
            yield Token("text", "", 0, content=COVER)
        depth += token.type == "spoiler_open"


def first_line(text: str) -> list[Token]:
    """Return the tokens within the first line that has words, with spoilers covered."""
    for token in parse(text):
        if token.type == "fence":
            return [Token("text", "", 0, content=token.content.split("\n")[0])]
        if token.type == "inline":
            children = list(covered(token.children or []))
            end = next((number for number, child in enumerate(children) if child.type in _BREAKS), len(children))
            return children[:end]
    return []
