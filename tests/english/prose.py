"""Find the prose in a file: docstrings and comments of a module, paragraphs of a page."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

_TOOLS = re.compile(r"#(?: noqa| type:| ruff:| pragma|!).*")
_FENCE = re.compile(r"^( *)```.*?^ *```$", re.MULTILINE | re.DOTALL)
_NOT_PROSE = re.compile(r"`[^`\n]*`|\]\([^)]*\)|<!--.*?-->|https?://\S+|\*[^*\n]+\*(?!\*)", re.DOTALL)


@dataclass(frozen=True)
class Prose:
    """A piece of text without line breaks, and the line where it begins."""

    line: int
    text: str
    docstring: bool = False


def prose_in(path: Path) -> Iterator[Prose]:
    """Yield the prose of a module or a page."""
    source = path.read_text()
    if path.suffix == ".py":
        yield from docstrings(source)
        yield from comments(source)
    else:
        yield from paragraphs(source)


def docstrings(source: str) -> Iterator[Prose]:
    """Yield the docstring of the module and of everything in it. Other string literals aren't prose yet."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case (
                ast.Module(body=[ast.Expr(value=ast.Constant(value=str(text))) as first, *_])
                | ast.ClassDef(body=[ast.Expr(value=ast.Constant(value=str(text))) as first, *_])
                | ast.FunctionDef(body=[ast.Expr(value=ast.Constant(value=str(text))) as first, *_])
                | ast.AsyncFunctionDef(body=[ast.Expr(value=ast.Constant(value=str(text))) as first, *_])
            ):
                yield Prose(first.lineno, flat(text), docstring=True)


def comments(source: str) -> Iterator[Prose]:
    """Yield the comments, those on successive lines as one."""
    tokens = [
        token for token in tokenize.generate_tokens(io.StringIO(source).readline) if token.type == tokenize.COMMENT
    ]
    for _, block in groupby(enumerate(tokens), key=lambda pair: (pair[1].start[0] - pair[0], pair[1].start[1])):
        lines = [token for _, token in block]
        yield Prose(lines[0].start[0], flat(" ".join(_TOOLS.sub("", line.string).lstrip("#") for line in lines)))


def paragraphs(page: str) -> Iterator[Prose]:
    """Yield the paragraphs, list items, headings and table rows of a Markdown page."""
    page = _FENCE.sub(lambda fence: "\n" * fence[0].count("\n"), page)
    for block in re.finditer(r"(?:^(?!\s*$).*\n?)+", page, re.MULTILINE):
        line = page.count("\n", 0, block.start()) + 1
        for item in re.split(r"\n(?= *(?:[-|#*]|\d+\.))", block[0]):
            yield Prose(line, flat(item))
            line += item.count("\n") + 1


def flat(text: str) -> str:
    """Return text in one line, without code, quoted user interface texts and addresses."""
    return " ".join(_NOT_PROSE.sub("``", text).split())
