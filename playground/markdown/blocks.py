"""Discord's markdown for blocks: code blocks, quotes, headings, small print, lists, and paragraphs."""

import re
from collections.abc import Mapping
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block

_FENCE, _QUOTE, _QUOTE_OF_ALL = "```", "> ", ">>> "
_CODE = re.compile(r"(?:(?P<language>[A-Za-z0-9_+.#-]+)\n)?\n*(?P<code>.*)", re.DOTALL)
_TITLE = re.compile(r"(?P<mark>#{1,3}|-#) +(?P<words>\S.*)")
_ITEM = re.compile(r"[-*] +\S|[0-9]{1,9}\. +\S")
_TITLES: Mapping[str, tuple[str, str]] = {
    "#": ("heading", "h1"),
    "##": ("heading", "h2"),
    "###": ("heading", "h3"),
    "-#": ("subtext", "p"),
}
_DEEPEST_LIST = 20  # in the parser's levels, two for each list; deeper levels are text


def add_lines(parser: MarkdownIt) -> None:
    """Teach a parser that knows nothing but paragraphs what lines mean in Discord."""
    parser.block.ruler.at("paragraph", _paragraph)
    for rule in (_code_block, _quote, _title, _list):
        parser.block.ruler.before("paragraph", f"discord{rule.__name__}", rule, {"alt": ["paragraph"]})


def _code_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read from ``` at the start of a line to the next ```, anywhere. Without a closing one it isn't code."""
    begin = state.bMarks[start] + state.tShift[start] + len(_FENCE)
    close = state.src.find(_FENCE, begin, state.eMarks[end - 1]) if _line(state, start).startswith(_FENCE) else -1
    found = _CODE.match(state.src, begin, max(close, begin))
    if found is None or not found["code"].strip():
        return False
    if not silent:
        block = state.push("fence", "code", 0)
        block.info, block.content = found["language"] or "", found["code"].rstrip("\n")
        last = next(number for number in range(start, end) if state.eMarks[number] >= close)
        _say(state, state.src[close + len(_FENCE) : state.eMarks[last]])
        state.line = last + 1
    return True


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read lines that start with `> `, or all that is left after `>>> `; a quote in a quote is words."""
    if "quoted" in state.env or not _line(state, start).startswith((_QUOTE, _QUOTE_OF_ALL)):
        return False
    if not silent:
        lines = [_line(state, number) for number in range(start, end)]
        quoted = [line.removeprefix(_QUOTE) for line in takewhile(lambda line: line.startswith(_QUOTE), lines)]
        quoted = quoted or [lines[0].removeprefix(_QUOTE_OF_ALL), *lines[1:]]
        state.push("blockquote_open", "blockquote", 1)
        state.md.block.parse("\n".join(quoted), state.md, {**state.env, "quoted": True}, state.tokens)
        state.push("blockquote_close", "blockquote", -1)
        state.line = start + len(quoted)
    return True


def _title(state: StateBlock, start: int, _: int, silent: bool) -> bool:
    """Read a heading or small print: one line."""
    found = _TITLE.match(_line(state, start))
    if found is None:
        return False
    if not silent:
        _say(state, found["words"], *_TITLES[found["mark"]])
        state.line = start + 1
    return True


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a list as the library does, where Discord sees one as well."""
    starts = state.level < _DEEPEST_LIST and _ITEM.match(_line(state, start)) is not None
    return starts and list_block(state, start, end, silent)


def _paragraph(state: StateBlock, start: int, _: int, __: bool) -> bool:
    """Read on until something else starts or a list's item ends; blank lines stay what they are."""
    line = start + 1
    while line < state.lineMax and not _ends_paragraph(state, line):
        line += 1
    _say(state, state.getLines(start, line, state.blkIndent, keepLastLF=False))
    state.line = line
    return True


def _ends_paragraph(state: StateBlock, line: int) -> bool:
    if state.isEmpty(line):
        return False
    others = state.md.block.ruler.getRules("paragraph")
    return state.sCount[line] < state.blkIndent or any(rule(state, line, state.lineMax, True) for rule in others)


def _say(state: StateBlock, words: str, kind: str = "paragraph", tag: str = "p") -> None:
    """Add words, if there are any, as a block; an item of a list needs no paragraph around them."""
    if not words.strip():
        return
    opening = state.push(f"{kind}_open", tag, 1)
    inline = state.push("inline", "", 0)
    inline.content, inline.children = words.strip(), []
    closing = state.push(f"{kind}_close", tag, -1)
    opening.hidden = closing.hidden = state.parentType == "list" and kind == "paragraph"


def _line(state: StateBlock, number: int) -> str:
    """Return a line without what indents it."""
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
