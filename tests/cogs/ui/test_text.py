"""The member whose words the bot repeats: they appear as they are, and do nothing."""

import pytest

from bot.picture.origin import NOBODY
from cogs.pictures.message_words import more_files
from cogs.ui.text import (
    ALT_TEXT_MAX,
    PROMPT_SHOWN,
    alt_text,
    cut,
    few,
    file_stem,
    one_line,
    person,
    plain,
    shown_prompt,
)

TURNS_AROUND, HAS_NO_WIDTH = "\u202e", "\u200b"


@pytest.mark.parametrize("markup", ["**bold**", "<@42>", "[a](https://x.y)", "`code`", "> quote", "# title", "||no||"])
def test_markup_is_shown_and_not_obeyed(markup: str) -> None:
    """Every character that could be markup has a backslash before it."""
    shown = plain(markup)
    assert shown.replace("\\", "") == markup
    assert all(shown[at - 1] == "\\" for at, character in enumerate(shown) if character in "*<>@[]()`#|:/.")


def test_a_backslash_does_not_take_the_next_one_away() -> None:
    assert plain("\\*") == "\\\\\\*"


@pytest.mark.parametrize("space", ["\n", "\r\n", "\t", "\u2028", "  "])
def test_white_space_becomes_one_space(space: str) -> None:
    assert one_line(f"a{space}boat") == "a boat"


@pytest.mark.parametrize("character", [TURNS_AROUND, HAS_NO_WIDTH, "\x00", "\x1b", "\ud800"])
def test_characters_that_turn_or_hide_text_are_removed(character: str) -> None:
    assert one_line(f"a{character}b") == "ab"


def test_emoji_that_are_joined_stay_whole() -> None:
    """Their joiners are invisible too, but belong to them."""
    assert one_line("👩\u200d🚀 ❤\ufe0f") == "👩\u200d🚀 ❤\ufe0f"


@pytest.mark.parametrize("length", [9, 10, 11, 1000])
def test_a_text_that_is_cut_is_short_enough_and_says_so(length: int) -> None:
    shown = cut("x" * length, 10)
    assert len(shown) == min(length, 10)
    assert shown.endswith("…") is (length > 10)


def test_no_space_is_left_before_the_cut() -> None:
    assert cut("four score", 6) == "four…"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [([], ""), (["a"], "a"), (["a", "b", "c"], "a, b, c"), (["a", "b", "c", "d"], "a, b, c and 1 more file")],
)
def test_many_names_become_a_few(names: list[str], sentence: str) -> None:
    assert few(names, more_files) == sentence


def test_a_prompt_is_cut_before_it_is_escaped() -> None:
    """A cut in between would leave a single backslash, which escapes the next character."""
    shown = shown_prompt("*" * (PROMPT_SHOWN + 1))
    assert shown == "\\*" * (PROMPT_SHOWN - 1) + "…"


def test_an_alternative_text_is_not_escaped_and_fits() -> None:
    """Screen readers read it aloud, and it knows no markup."""
    assert alt_text("a *red*\nboat") == "a *red* boat"
    assert len(alt_text("x" * 5000)) == ALT_TEXT_MAX


def test_a_deleted_member_is_not_mentioned() -> None:
    assert person(7) == "<@7>"
    assert "<@" not in person(NOBODY)


@pytest.mark.parametrize(
    ("prompt", "stem"),
    [
        ("A red boat!", "a-red-boat-x1"),
        ("Crème brûlée", "creme-brulee-x1"),
        ("../../etc/passwd", "etc-passwd-x1"),
        ("船", "picture-x1"),
        ("", "picture-x1"),
        ("word " * 40, "word-word-word-word-word-word-word-word-x1"),
    ],
)
def test_a_file_is_named_after_its_prompt(prompt: str, stem: str) -> None:
    """In characters that every file system accepts; a prompt without any gets only its id."""
    assert file_stem(prompt, "x1") == stem
