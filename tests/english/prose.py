"""Find the prose in a file: docstrings and comments of a module, paragraphs of a page, comments of a script."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

_TOOLS = re.compile(r"#(?: noqa(?:: [A-Z]+\d+(?:, ?[A-Z]+\d+)*)?| type: \S+| ruff: .*| pragma: .*|!.*)")
_FENCE = re.compile(r"^( *)```.*?^ *```$", re.MULTILINE | re.DOTALL)
_NOT_PROSE = re.compile(r"`[^`\n]*`|\]\([^)]*\)|<!--.*?-->|https?://\S+|\*[^*\n]+\*(?!\*)", re.DOTALL)


@dataclass(frozen=True)
class Prose:
    """A piece of text without line breaks, and the line where it begins."""

    line: int
    text: str
    docstring: bool = False


def prose_in(path: Path) -> Iterator[Prose]:
    """Yield the prose of a module, a page or a script."""
    source = path.read_text()
    if path.suffix == ".py":
        yield from docstrings(source)
        yield from comments(source)
    elif path.suffix == ".md":
        yield from paragraphs(source)
    else:
        yield from hash_comments(source)


def docstrings(source: str) -> Iterator[Prose]:
    """Yield the docstring of the module and of everything in it, except for commands.

    A command's docstring is its description in Discord. Like all string literals, it isn't checked yet.
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case (
                ast.Module(body=[ast.Expr(value=ast.Constant(value=str(text))) as first, *_])
                | ast.ClassDef(body=[ast.Expr(value=ast.Constant(value=str(text))) as first, *_])
                | ast.FunctionDef(body=[ast.Expr(value=ast.Constant(value=str(text))) as first, *_])
                | ast.AsyncFunctionDef(body=[ast.Expr(value=ast.Constant(value=str(text))) as first, *_])
            ) if not is_command(node):
                yield Prose(first.lineno, flat(text), docstring=True)


def is_command(node: ast.AST) -> bool:
    """Return True if a function has a decorator such as `@app_commands.command()`."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return any(re.search(r"\bcommand\(", ast.unparse(decorator)) for decorator in decorators)


def comments(source: str) -> Iterator[Prose]:
    """Yield the comments. Those that fill successive lines are one text."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    found = [token for token in tokens if token.type == tokenize.COMMENT]
    for _, block in groupby(enumerate(found), key=_position):
        lines = [token for _, token in block]
        yield Prose(lines[0].start[0], flat(" ".join(_TOOLS.sub("", line.string).lstrip("#") for line in lines)))


def _position(numbered: tuple[int, tokenize.TokenInfo]) -> tuple[int, int, bool]:
    """Return a key that is the same for successive comments in one column without code before them."""
    number, token = numbered
    line, column = token.start
    after_code = bool(token.line[:column].strip())
    return line if after_code else line - number, column, after_code


def hash_comments(source: str) -> Iterator[Prose]:
    """Yield the comments of a file in another language, those on successive lines as one."""
    numbered = enumerate(source.splitlines(), 1)
    for is_comment, block in groupby(numbered, key=lambda pair: pair[1].lstrip().startswith("#")):
        if is_comment:
            lines = list(block)
            yield Prose(lines[0][0], flat(" ".join(line.strip().lstrip("#") for _, line in lines)))


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
