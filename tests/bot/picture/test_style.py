"""Names, frames and options of styles."""

import pytest

from bot.errors import InvalidRequest
from bot.picture.style import NAME_MAX, NOTE_MAX, check_frame, check_note, checked_name, name_key


@pytest.mark.parametrize(
    "name",
    ["", " ", "\u200b", "x" * (NAME_MAX + 1), "<@1>", "@everyone", "a`b", "a:b", "{x}", "NONE", "a\x07", "a\u202eb"],
)
def test_what_cannot_be_a_name(name: str) -> None:
    with pytest.raises(InvalidRequest):
        checked_name(name)


def test_a_name_is_one_line() -> None:
    assert checked_name("  Nora \n from   here ") == "Nora from here"
    assert checked_name("x" * NAME_MAX) == "x" * NAME_MAX


def test_a_name_can_have_any_emoji() -> None:
    assert checked_name("\U0001f469\u200d\U0001f3a8") == "\U0001f469\u200d\U0001f3a8"


def test_the_error_names_each_character_that_cannot_be_in_a_name() -> None:
    with pytest.raises(InvalidRequest, match="backticks, invisible characters"):
        checked_name("a\u202eb")


def test_spellings_of_one_name_are_the_same() -> None:
    assert name_key("Nora") == name_key(" nORA ") == name_key("\uff2eora") == name_key("no\u200dra")


@pytest.mark.parametrize("frame", ["", "a boat", "{ prompt }", "{prompt}" + "x" * 2000])
def test_a_frame_needs_its_place_and_room(frame: str) -> None:
    with pytest.raises(InvalidRequest):
        check_frame(frame)


def test_a_note_has_a_bound() -> None:
    check_note("x" * NOTE_MAX)
    with pytest.raises(InvalidRequest):
        check_note("x" * (NOTE_MAX + 1))
