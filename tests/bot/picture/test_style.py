"""Names, frames and options of styles."""

import pytest

from bot.errors import InvalidRequest
from bot.picture.style import NAME_MAX, NOTE_MAX, check_frame, check_note, checked_name, name_key


@pytest.mark.parametrize(
    "name", ["", " ", "\u200b", "x" * (NAME_MAX + 1), "<@1>", "@everyone", "a`b", "a:b", "{x}", "NONE", "a\x07"]
)
def test_what_cannot_be_a_name(name: str) -> None:
    with pytest.raises(InvalidRequest):
        checked_name(name)


def test_a_name_is_one_line() -> None:
    assert checked_name("  Nora \n from   here ") == "Nora from here"
    assert checked_name("x" * NAME_MAX) == "x" * NAME_MAX


def test_spellings_of_one_name_are_the_same() -> None:
    assert name_key("Nora") == name_key(" nORA ") == name_key("\uff2eora")


@pytest.mark.parametrize("frame", ["", "a boat", "{ prompt }", "{prompt}" + "x" * 2000])
def test_a_frame_needs_its_place_and_room(frame: str) -> None:
    with pytest.raises(InvalidRequest):
        check_frame(frame)


def test_a_note_has_a_bound() -> None:
    check_note("x" * NOTE_MAX)
    with pytest.raises(InvalidRequest):
        check_note("x" * (NOTE_MAX + 1))
