"""Registered options, typed on a command line."""

from pathlib import Path
from typing import Any

import pytest

from playground.terminal.options import UsageError, parse
from playground.terminal.plays import OpenPrivately, Press, React, Reply
from standins.discord.model.attachments import Upload

REGISTERED: dict[str, Any] = {
    "name": "paint",
    "description": "Paint 100 % of it.",
    "options": [
        {"name": "motif", "description": "what", "type": 3, "required": True},
        {
            "name": "paper_size",
            "description": "how large",
            "type": 3,
            "choices": [{"name": "A 4", "value": "a4"}, {"name": "Postcard, 10 %", "value": "card"}],
        },
        {"name": "seed", "description": "which", "type": 4},
        {"name": "image1", "description": "like this", "type": 11},
        {"name": "image2", "description": "and this", "type": 11},
    ],
}


def test_what_comes_then_is_read_in_order() -> None:
    """Words stand for buttons and the emoji; those that open a form take the prompt after a colon, colons and all."""
    words = ["reroll", "react", "favourite", "larger", "retry", "remix:at night: blue", "edit: in snow "]
    words += ["reply:at night", "reply:Undo", "reply:Edit 2: blue", "compare"]
    typed = parse(REGISTERED, ["a boat", *(part for word in words for part in ("--then", word))])
    plain = (Press("Reroll"), React(), OpenPrivately(("Favourite",)), Press("⬆️"), Press("Try again"))
    forms = (Press("Remix", "at night: blue"), Press("Edit", "in snow"))
    replies = (Reply("edit: at night"), Reply("Undo"), Reply("Edit 2: blue"))
    assert typed.then == (*plain, *forms, *replies, OpenPrivately(("Details", "Compare")))


def test_a_number_chooses_one_of_several_pictures() -> None:
    """It follows the word; a reply has it in its text, and a reaction as its emoji."""
    words = ["favourite 2", "edit 3:at night", "reply 4:in snow", "react 1"]
    typed = parse(REGISTERED, ["a boat", *(part for word in words for part in ("--then", word))])
    assert typed.then == (
        OpenPrivately(("Favourite",), 2),
        Press("Edit", "at night", 3),
        Reply("edit 4: in snow"),
        React("1\ufe0f\u20e3"),
    )


@pytest.mark.parametrize("word", ["reroll", "larger", "retry", "reroll-all", "compare", "favourite 2", "edit:at night"])
def test_buttons_are_pressed_in_english_only(word: str) -> None:
    """Their labels are in the member's language otherwise; the message names what works in all of them."""
    command = ["a boat", "--then", "react", "--then", word]
    with pytest.raises(UsageError) as wrong:
        parse(REGISTERED, [*command, "--locale", "ja"])
    assert str(wrong.value) == (
        "--then: buttons are pressed by their English names, which needs --locale en-US. "
        "In every language: react, agree, reply:WORDS"
    )
    assert parse(REGISTERED, [*command, "--locale", "en-GB"]).locale == "en-GB"


def test_what_presses_no_button_works_in_every_language() -> None:
    """Such as a reply and a reaction."""
    words = ["react", "react 2", "reply:at night", "reply:undo", "agree"]
    typed = parse(REGISTERED, ["a boat", "--locale", "ja", *(part for word in words for part in ("--then", word))])
    assert (len(typed.then), typed.locale) == (5, "ja")


WRONG = ["dance", "remix", "remix: ", "reroll:blue", "react:🎲", "reply:", "compare:1", "favourite two", "remix 2"]


@pytest.mark.parametrize("word", WRONG)
def test_another_word_is_answered_with_all_that_there_are(word: str) -> None:
    """Wrong usage is reported before anything is drawn."""
    with pytest.raises(UsageError) as wrong:
        parse(REGISTERED, ["a boat", "--then", word])
    plays = (
        "reroll, larger, retry, reroll-all, react, favourite, compare, agree, remix:PROMPT, edit:PROMPT, "
        "reference:PROMPT, reply:WORDS"
    )
    assert str(wrong.value) == f"--then: {word!r} isn't one of: {plays}"


def test_whatever_is_registered_can_be_typed(tmp_path: Path) -> None:
    """Names have dashes, numbers are numbers, and images come in their order."""
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(name.encode())
    images = ["--image", str(tmp_path / "b.png"), "--image", str(tmp_path / "a.png")]
    typed = parse(REGISTERED, ["--paper-size", "A 4", "a boat", "--seed", "-5", *images, "--out", "here"])
    assert typed.options == {
        "motif": "a boat",
        "paper_size": "a4",
        "seed": -5,
        "image1": Upload("b.png", b"b.png"),
        "image2": Upload("a.png", b"a.png"),
    }
    assert typed.out == Path("here")


@pytest.mark.parametrize("word", ["A 4", "a4", "A4"])
def test_a_choice_is_known_by_its_label_and_by_its_value(word: str) -> None:
    """Capitals and spaces do not matter."""
    assert parse(REGISTERED, ["a boat", "--paper-size", word]).options["paper_size"] == "a4"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["a boat", "--colour", "red"],
            "There is no option --colour. Use one of: --paper-size, --seed, --image, --then, --out, --locale",
        ),
        (["a boat", "--paper-size", "A3"], "--paper-size: 'A3' isn't one of: A 4, Postcard, 10 %"),
        (["a boat", "--seed", "many"], "--seed: 'many' isn't a whole number"),
        (["a", "boat"], "Put the whole prompt in quotation marks, including 'boat'."),
        ([], "the following arguments are required: motif"),
        (["a boat", "--image", "no.png"], "--image: no.png can't be read: No such file or directory"),
        (["a boat", *["--image", __file__] * 3], "--image: at most 2 images, not 3"),
    ],
)
def test_what_cannot_be_typed_is_said_in_a_sentence(words: list[str], sentence: str) -> None:
    """The message names the option and the valid choices."""
    with pytest.raises(UsageError) as wrong:
        parse(REGISTERED, words)
    assert str(wrong.value) == sentence


def test_the_help_lists_every_option_with_its_description(capsys: pytest.CaptureFixture[str]) -> None:
    """The help shows the descriptions that the bot registered."""
    with pytest.raises(SystemExit) as ended:
        parse(REGISTERED, ["--help"])
    assert ended.value.code == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Paint 100 % of it." in printed
    assert "how large: A 4, Postcard, 10 %" in printed
    assert "repeat it for up to 2, in their order" in printed
