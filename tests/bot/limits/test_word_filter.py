"""The moderator who blocks a word, and the member who tries to slip it through, or only means another one."""

import pytest

from bot.limits.word_filter import find_blocked_word


@pytest.mark.parametrize(
    "prompt",
    [
        "boat",
        "a boat, at dawn",
        "BOAT",
        "a BoAt!",
        "*boat* __boat__ ~~boat~~",
        "_boat_",
        "(boat)",
        "a\nboat\tat dawn",
        "böat",
        "b\u0308o\u0301a\u0323t\u0336",
        "ｂｏａｔ",
        "𝐛𝐨𝐚𝐭",
        "𝓑𝓞𝓐𝓣",
        "ⓑⓞⓐⓣ",
        "b\u200bo\u200da\ufeff\u2060t",
        "bo\u00adat",
        "bo\u3164at",
        "\u202eboat\u202c",
        "bo\ufe0fat",
        "bo\U000e0100at",
        "bоat",
        "bοаt",
        "bоａt\u0301",
    ],
)
def test_a_blocked_word_is_found_however_it_is_disguised(prompt: str) -> None:
    """Case, accents, widths, styled and invisible characters, lookalikes and markup hide nothing."""
    assert find_blocked_word(prompt, ["boat"]) == "boat"


@pytest.mark.parametrize(
    "prompt", ["boats", "a lifeboat", "boathouse", "bo at", "b.o.a.t", "boa t", "boät5", "float", "", "…"]
)
def test_other_words_are_left_alone(prompt: str) -> None:
    """Only whole words are blocked, so that harmless ones that contain them can be drawn."""
    assert find_blocked_word(prompt, ["boat"]) is None


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("a red boat", True),
        ("a RED   boat", True),
        ("a red, boat", True),
        ("red\nboat", True),
        ("a red wooden boat", False),
        ("a boat, red", False),
        ("infrared boat", False),
        ("a red boathouse", False),
    ],
)
def test_a_phrase_is_found_as_its_words_in_their_order(prompt: str, found: bool) -> None:
    """Punctuation between the words doesn't matter; other words between them do."""
    assert find_blocked_word(prompt, ["Red Boat"]) == ("Red Boat" if found else None)


@pytest.mark.parametrize(
    ("word", "prompt", "found"),
    [
        ("лодка", "красная ЛОДКА на рассвете", True),
        ("лодка", "лодкари", False),
        ("ёлка", "елка", True),
        ("βάρκα", "μια ΒΑΡΚΑ", True),
        ("straße", "eine STRASSE im Regen", True),
        ("café", "a cafe\u0301 in Paris", True),
        ("قارب", "قَارِب أحمر", True),
        ("नाव", "एक नाव", True),
        ("कुल", "कल", False),  # a vowel sign isn't an accent
        ("船", "朝の船", True),
        ("赤い船", "とても赤い船です", True),
        ("がき", "かき", False),  # a voiced sound isn't an accent
        ("ガキ", "ｶﾞｷ", True),
        ("เรือ", "รูปเรือสีแดง", True),
        ("배", "빨간 배", True),
        ("배", "배경", False),
    ],
)
def test_words_of_other_scripts_are_found_as_themselves(word: str, prompt: str, found: bool) -> None:
    """If a script has no spaces between words, a blocked word is found inside a sentence."""
    assert find_blocked_word(prompt, [word]) == (word if found else None)


def test_the_words_as_the_moderator_wrote_them_are_named() -> None:
    """The first blocked word is named, and a word without letters or digits blocks nothing."""
    assert find_blocked_word("a Red BOAT", ["…", "\u200b", "Bóat", "red"]) == "Bóat"
