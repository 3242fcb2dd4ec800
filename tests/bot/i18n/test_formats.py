"""People read numbers, lists and names from right to left as their language writes them."""

from datetime import date, time

import pytest
from babel import Locale

from bot.i18n import _, and_list, changed, clock, comma_list, labelled, language, number, sentences, with_note
from bot.i18n.catalogue import Catalogue, Key
from bot.i18n.cldr import CldrFormats


def speaking(name: str) -> Catalogue:
    """Return a language without messages, which shows English ones with its own numbers."""
    return Catalogue({}, lambda count: int(count != 1), CldrFormats(Locale.parse(name)))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("de", "1.234.567 · 0,5 · -12 · 12,0"),
        ("fr", "1\u202f234\u202f567 · 0,5 · -12 · 12,0"),
        ("ja", "1,234,567 · 0.5 · -12 · 12.0"),
        ("uk", "1\u00a0234\u00a0567 · 0,5 · -12 · 12,0"),
        ("hi", "12,34,567 · 0.5 · -12 · 12.0"),
    ],
)
def test_numbers_have_the_signs_of_the_language(name: str, shown: str) -> None:
    """Also in placeholders, whose format is a part of the message."""
    with language(speaking(name)):
        assert f"{number(1234567)} · {number(0.5)} · {number(-12)} · {number(12, '.1f')}" == shown
        assert _("{a:,} · {b:,} · {c} · {d:.1f}", a=1234567, b=0.5, c=-12, d=12.0) == shown
        assert number(-1234.5).lstrip("-\u2212") == number(1234.5) != number(-1234.5)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("es", "999 · 1234 · 9999 · 12.345 · 1.234.567"),
        ("it", "999 · 1234 · 9999 · 12.345 · 1.234.567"),
        ("bg", "999 · 1234 · 9999 · 12\u00a0345 · 1\u00a0234\u00a0567"),
        ("hu", "999 · 1234 · 9999 · 12\u00a0345 · 1\u00a0234\u00a0567"),
        ("pl", "999 · 1234 · 9999 · 12\u00a0345 · 1\u00a0234\u00a0567"),
        ("pt_PT", "999 · 1234 · 9999 · 12\u00a0345 · 1\u00a0234\u00a0567"),
        ("pt_BR", "999 · 1.234 · 9.999 · 12.345 · 1.234.567"),
        ("es_419", "999 · 1,234 · 9,999 · 12,345 · 1,234,567"),
    ],
)
def test_four_digits_have_no_sign_between_them_where_the_language_writes_none(name: str, shown: str) -> None:
    """So CLDR's `minimumGroupingDigits` says, also for Spanish; longer numbers are grouped there too."""
    with language(speaking(name)):
        assert " · ".join(map(number, (999, 1234, 9999, 12345, 1234567))) == shown
        assert " · ".join(_("{count:,}", count=each) for each in (999, 1234, 9999, 12345, 1234567)) == shown


def test_a_negative_number_and_one_with_decimals_are_grouped_by_their_whole_part() -> None:
    with language(speaking("es")):
        assert (number(-1234), number(1234.5), number(12345.5)) == ("-1234", "1234,5", "12.345,5")


def test_english_numbers_and_lists_are_as_python_writes_them() -> None:
    assert (number(1234567), number(0.5), number(7, ".1f")) == ("1,234,567", "0.5", "7.0")
    assert (and_list(["a", "b"]), comma_list(["a", "b"])) == ("a, b", "a, b")


def test_years_and_codes_have_no_grouping() -> None:
    """A number without a comma in its format stays one word, such as a part of a file name."""
    with language(speaking("de")):
        assert _("{year}", year=2030) == "2030"
        assert _("{flag}", flag=True) == "True"


@pytest.mark.parametrize(
    ("name", "ends", "goes_on"),
    [("de", "a, b und c", "a, b, c"), ("ja", "a、b、c", "a、b、c"), ("uk", "a, b \u0456 c", "a, b, c")],
)
def test_lists_have_the_word_for_and(name: str, ends: str, goes_on: str) -> None:
    with language(speaking(name)):
        assert and_list(["a", "b", "c"]) == ends
        assert comma_list(["a", "b", "c"]) == goes_on
        assert and_list(["a"]) == comma_list(["a"]) == "a"
        assert and_list([]) == comma_list([]) == ""


@pytest.mark.parametrize(("name", "shown"), [("de", "A. B."), ("ja", "A.B."), ("zh_CN", "A.B."), ("ko", "A. B.")])
def test_sentences_have_a_space_between_them_where_the_language_writes_one(name: str, shown: str) -> None:
    with language(speaking(name)):
        assert sentences(["A.", "B."]) == shown
    assert sentences(["A.", "B."]) == "A. B."


def test_labels_and_notes_have_the_signs_of_the_language() -> None:
    """French has a space before the colon, Chinese a wide one."""
    messages: dict[Key, str] = {
        "{label}: {value}": "{label}\u00a0: {value}",
        "{text} ({note})": "{text}\uff08{note}\uff09",
    }
    with language(Catalogue(messages, lambda count: int(count != 1))):
        assert labelled("Seed", "7") == "Seed\u00a0: 7"
        assert with_note("16:9", "typed") == "16:9\uff08typed\uff09"
    assert labelled("Seed", "7") == "Seed: 7"
    assert with_note("16:9", "typed") == "16:9 (typed)"


def test_a_name_from_right_to_left_does_not_reorder_its_sentence() -> None:
    """It is isolated by two invisible characters, which no other text gets."""
    assert _("{who} made 3 pictures", who="דנה") == "\u2068דנה\u2069 made 3 pictures"
    assert (
        _("{who} made {count}", who="\u0633\u0627\u0631\u0629", count=3)
        == "\u2068\u0633\u0627\u0631\u0629\u2069 made 3"
    )
    assert _("{who} made 3 pictures", who="Zoë 漢字") == "Zoë 漢字 made 3 pictures"


def test_a_name_from_left_to_right_does_not_reorder_an_arabic_sentence() -> None:
    """Links, mentions and names of the sentence's own direction stay as they are."""
    saved, opened, by = "تم حفظ {name}", "افتح [{name}]({link})", "من <@{member}>"
    assert _(saved, name="C++ (new)") == "تم حفظ \u2068C++ (new)\u2069"
    assert _(saved, name="سارة") == "تم حفظ سارة"
    assert _(opened, name="it", link="https://a.b/c") == "افتح [\u2068it\u2069](https://a.b/c)"
    assert _(by, member="7") == "من <@7>"


def test_code_that_people_copy_stays_as_it_is() -> None:
    assert _("Use `/imagine style:{style}`: {style}", style="דנה") == "Use `/imagine style:דנה`: \u2068דנה\u2069"


def test_days_are_written_as_their_language_does() -> None:
    """English ones are as ISO 8601 has them."""
    day = date(2026, 11, 3)
    assert _("on {day}", day=day) == "on 2026-11-03"
    with language(speaking("de")):
        assert _("on {day}", day=day) == "on 03.11.2026"


@pytest.mark.parametrize(("name", "shown"), [("de", "08:00"), ("es", "8:00"), ("ja", "8:00"), ("uk", "08:00")])
def test_times_have_as_many_digits_as_their_language_writes(name: str, shown: str) -> None:
    """English ones have 24 hours and two digits, since all of the bot's are in UTC."""
    with language(speaking(name)):
        assert clock(time(8)) == shown
    assert clock(time(8)) == "08:00"


def test_an_arrow_does_not_end_a_line() -> None:
    """The value behind it goes to the next line with it; two from right to left keep their order."""
    assert changed("5", "10") == "5 →\u00a010"
    assert changed("דנה", "נועה") == "\u2068דנה\u2069 →\u00a0\u2068נועה\u2069"
