"""The operator who reads why a command failed: each error is short, in whole sentences, with a remedy."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parents[2] / "bot"
LONGEST = 250


def startup_errors() -> Iterator[tuple[str, ast.Call]]:
    """Yield each call that makes a `StartupError`, with its place."""
    for path in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id="StartupError")):
                    yield f"{path.relative_to(BOT)}:{node.lineno}", node


def literal(text: ast.expr) -> str | None:
    """Return a literal with `…` for each value in it, or None if it isn't one."""
    match text:
        case ast.Constant(value=str(words)):
            return words
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
        case _:
            return None


@pytest.mark.parametrize("call", [pytest.param(call, id=place) for place, call in startup_errors()])
def test_every_startup_error_is_short_and_has_a_remedy(call: ast.Call) -> None:
    """It has a problem and a remedy, each in whole sentences, and at most 250 characters together."""
    arguments = [each for each in call.args if not isinstance(each, ast.Starred)]
    assert len(arguments) in ({2} if arguments else {0})
    texts = [words for each in arguments if (words := literal(each)) is not None]
    assert len(" ".join(texts)) <= LONGEST
    assert all(words.endswith((".", "…")) for words in texts), texts
