"""Docstrings, comments and documents are in plain English."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.english.phrases import BEGINNINGS, PHRASES
from tests.english.prose import Prose, comments, docstrings, hash_comments, paragraphs, prose_in

ROOT = Path(__file__).parents[1]
FOLDERS = ("bot", "cogs", "standins", "playground", "tests", "benchmarks")
GLOSSARIES = ROOT / "docs" / "glossaries"  # which translators write, some in their own language
FILES = [
    *(file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))),
    *(
        page
        for folder in (*FOLDERS, "docs")
        for page in sorted((ROOT / folder).rglob("*.md"))
        if page.parent != GLOSSARIES
    ),
    *sorted(ROOT.glob("*.md")),
    *(ROOT / name for name in (".env.example", "compose.yaml", "Dockerfile", "Makefile", ".ci/run", "pyproject.toml")),
]


def findings(prose: Prose) -> Iterator[str]:
    """Yield each phrase of the list that a text has, with what to write instead."""
    for phrase in PHRASES:
        for found in phrase.pattern.finditer(prose.text):
            yield f"{found[0]!r}: {phrase.instead}"
    if prose.docstring:
        for phrase in BEGINNINGS:
            if beginning := phrase.pattern.match(prose.text):
                yield f"{beginning[0]!r} at the beginning: {phrase.instead}"


def findings_in(path: Path) -> list[str]:
    """Return the findings of a file, each with its place."""
    name = path.relative_to(ROOT).as_posix()
    return [f"{name}:{prose.line}: {finding}" for prose in prose_in(path) for finding in findings(prose)]


@pytest.mark.slow
def test_documents_docstrings_and_comments_are_in_plain_english() -> None:
    """No text uses a phrase of `tests/english/phrases.py`."""
    assert [line for path in FILES for line in findings_in(path)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Whoever asks gets a picture.",
        "Count what is left.",
        "A word for what was refused.",
        "The operator is told.",
        "This is no picture.",
        "The limit holds.",
        "It comes anew, and meanwhile nothing that matters is mended.",
    ],
)
def test_phrases_that_a_writer_would_not_use_are_found(text: str) -> None:
    """Each of these sentences is a finding."""
    assert list(findings(Prose(1, text)))


@pytest.mark.parametrize("text", ["What a picture costs.", "Have it drawn.", "Let it go.", "Say whether it is there."])
def test_beginnings_of_docstrings_are_found(text: str) -> None:
    """A docstring doesn't begin like this; a sentence elsewhere may."""
    assert list(findings(Prose(1, text, docstring=True)))
    assert not list(findings(Prose(1, text)))


@pytest.mark.parametrize(
    "text",
    [
        "The message says what is wrong.",
        "There is no picture. What is a card?",
        "Return None if the value is None.",
        "A member who is blocked gets a message.",
        "Leave it alone.",
    ],
)
def test_plain_english_is_not_found(text: str) -> None:
    """Neither questions nor relative clauses are findings."""
    assert not list(findings(Prose(1, text)))


def test_prose_of_a_module_is_its_docstrings_and_comments() -> None:
    """String literals, code in backquotes and the directives of tools are left out."""
    source = '"""One\n`code` line."""\n\nx = "literal"  # two  # noqa: S101\n# three\n# four\n'
    assert [prose.text for prose in docstrings(source)] == ["One `` line."]
    assert [prose.text for prose in comments(source)] == ["two", "three four"]


def test_prose_of_a_script_is_its_comments() -> None:
    """Successive comments are one text, and code is left out."""
    assert [(prose.line, prose.text) for prose in hash_comments("# one\n# two\nwhoever=1\n  # three\n")] == [
        (1, "one two"),
        (4, "three"),
    ]


def test_prose_of_a_page_is_its_paragraphs() -> None:
    """A paragraph, a list item and a row are a text each; code blocks are left out."""
    page = "# Title\n\nOne\nline.\n\n```sh\nwhoever\n```\n\n- two\n- [three](whoever.md)\n"
    assert [(prose.line, prose.text) for prose in paragraphs(page)] == [
        (1, "# Title"),
        (3, "One line."),
        (10, "- two"),
        (11, "- [three``"),
    ]
