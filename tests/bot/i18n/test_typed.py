"""People type as their keyboards do: full-width characters, and their language's signs in numbers."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import InvalidRequest
from bot.i18n import language, number
from bot.i18n.locales import LOCALES
from bot.i18n.typed import half_width, typed_number
from bot.limits.bounds import BOUNDS
from bot.limits.policy import Limit
from bot.picture.choices import escaped, prompts_of
from bot.picture.params import parse_aspect_ratio
from bot.picture.style import StyleContent, checked_name, typed_frame
from cogs.limits.form import figure_of
from cogs.shared.durations import parse_until
from cogs.styles.notes import notes_of
from cogs.ui.ratios import ratio_choices
from tests.bot.i18n.test_formats import speaking

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)


def test_each_full_width_character_keeps_its_place() -> None:
    """So a match in the half-width text is cut out of the typed one."""
    assert half_width("ｅｄｉｔ　２：夜「｛赤｜青｝」；") == "edit 2:夜「{赤|青}」;"
    assert len(half_width("ｅｄｉｔ　２：夜🚤")) == len("ｅｄｉｔ　２：夜🚤")
    assert half_width("a red boat, 夜の船。") == "a red boat, 夜の船。"


@pytest.mark.parametrize(
    ("name", "typed", "read"),
    [
        ("en", "1,000,000", "1000000"),
        ("en", "0.5", "0.5"),
        ("en", "0,5", "0,5"),
        ("de", "1.000.000", "1000000"),
        ("de", "0,5", "0.5"),
        ("de", "0.5", "0.5"),
        ("fr", "1 000 000", "1000000"),
        ("uk", "1\u00a0000", "1000"),
        ("fr", "12 3", "12\u202f3"),
        ("ja", "１，０００", "1000"),
        ("ja", "０．５", "0.5"),
        ("ja", "many", "many"),
    ],
)
def test_a_number_is_read_with_the_signs_of_the_language(name: str, typed: str, read: str) -> None:
    """A point for decimals is read everywhere, as long as it can't be one between thousands."""
    with language(speaking(name)):
        assert typed_number(typed) == read


@pytest.mark.parametrize("name", sorted(set(LOCALES.values()) - {"en"}))
def test_a_form_takes_the_figures_that_it_shows(name: str) -> None:
    """Also in Hindi, which has two digits between most signs."""
    with language(speaking(name)):
        for value in (7, 1000, 100_000):
            assert figure_of(number(value), BOUNDS[Limit.CREDITS_PER_MONTH]) == value
        assert figure_of(number(0.5), BOUNDS[Limit.MAX_MEGAPIXELS]) == 0.5


def test_choices_may_have_full_width_braces() -> None:
    """Other words stay as they were typed, and such a prompt can be typed again."""
    assert list(prompts_of("｛赤｜青｝の船")) == ["赤の船", "青の船"]
    assert list(prompts_of("｛赤|青}の船")) == ["赤の船", "青の船"]
    assert list(prompts_of("｛船｝と「青い」海：夜｜朝")) == ["｛船｝と「青い」海：夜｜朝"]
    assert list(prompts_of("＼｛赤｜青＼｝")) == ["｛赤｜青｝"]
    assert list(prompts_of(escaped("｛赤｜青｝の船"))) == ["｛赤｜青｝の船"]
    with pytest.raises(InvalidRequest, match="never closed"):
        prompts_of("｛赤｜青の船")


def test_ratios_times_and_notes_may_be_full_width() -> None:
    assert parse_aspect_ratio("１６：９") == "16:9"
    assert [each.value for each in ratio_choices("２１：９")] == ["21:9"]
    assert parse_until("２ｈ", NOON) == NOON + timedelta(hours=2)
    assert parse_until("２０３０－１２－３１", NOON) == datetime(2030, 12, 31, tzinfo=UTC)
    assert notes_of("前から；横から; 後ろ") == ["前から", "横から", "後ろ"]


def test_the_place_for_the_prompt_may_be_full_width() -> None:
    """The words around it stay as they were typed."""
    frame = typed_frame("水彩画：｛ｐｒｏｍｐｔ｝、｛prompt}！")
    assert frame == "水彩画：{prompt}、{prompt}！"
    StyleContent(frame=frame).check()


def test_a_name_has_no_full_width_colon() -> None:
    """It would end there where a prompt names its style."""
    with pytest.raises(InvalidRequest, match="can't have"):
        checked_name("水彩：夜")
