"""The pseudo-language can be read back, and shows what isn't in it."""

import pytest

from tests.pseudo import PseudoLanguage, plain_words, pseudo, read_back

TEXTS = (
    "In queue: #{position}",
    "**Saved.** Applies from the next picture.",
    "Use `/setup` again in <#1>.",
    "-# {why}",
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_can_be_read_back(text: str) -> None:
    """It's 40 % longer, and placeholders and code don't change."""
    made = PseudoLanguage().gettext(text)
    assert read_back(made) == text
    assert len(made) > 1.2 * len(text)
    assert plain_words(made.format_map({"position": 3, "why": ""})) == []


def test_a_text_fits_into_its_place() -> None:
    for most in range(5, 20):
        assert len(pseudo("Details", most)) <= max(most, len("Details"))


def test_words_in_english_are_found_inside_and_outside_of_messages() -> None:
    inside = pseudo("{what} is off").format(what="the log")
    assert plain_words(f"{inside} for 3 MB `code` of Alice") == ["the", "log", "for", "of", "Alice"]
