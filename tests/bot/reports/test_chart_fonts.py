"""Charts in the fonts of the machine: the letters that matplotlib's own font lacks."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from matplotlib.font_manager import fontManager
from PIL import Image

from bot.picture.usage_figures import Line
from bot.reports.activity import Activity
from bot.reports.chart import draw_chart
from bot.reports.chart_fonts import ChartFonts
from bot.reports.chart_worker import MEMBERS_SHOWN, ChartRenderer

# Characters that hardly any font has, so that the fonts of the machine make no difference.
NAME = "\U0003132a\U0003132b\U0003132c"
OTHER = "\U0003132d"
DAY = date(2026, 2, 25)


def write_font(path: Path, family: str, letters: str) -> Path:
    """Write a font with some letters, each of which is a black square."""
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for corner in [(50, 700), (750, 700), (750, 0)]:
        pen.lineTo(corner)
    pen.closePath()
    square, names = pen.glyph(), [f"u{ord(letter):X}" for letter in letters]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap({ord(letter): name for letter, name in zip(letters, names, strict=True)})
    builder.setupGlyf(dict.fromkeys([".notdef", *names], square))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names], (800, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, usWeightClass=400)
    builder.setupPost()
    path.parent.mkdir(exist_ok=True)
    builder.save(path)
    return path


def misname(path: Path) -> None:
    """Cut a font's names in the middle of a character."""
    font = TTFont(path)
    for record in font["name"].names:
        record.string = record.toBytes()[:-1]
    font.save(path)


@pytest.fixture
def fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder for fonts, beside which there is only matplotlib's own one."""
    monkeypatch.setenv("MPL_IGNORE_SYSTEM_FONTS", "1")
    noted = list(fontManager.ttflist)
    fontManager.ttflist[:] = [entry for entry in noted if entry.name == "DejaVu Sans"]
    yield tmp_path
    fontManager.ttflist[:] = noted


def install(folder: Path, family: str, letters: str) -> None:
    fontManager.addfont(write_font(folder / f"{family}.ttf", family, letters))


def two_members() -> Activity:
    return Activity(DAY, DAY, [Line(DAY, 1, 9, 90, 0), Line(DAY, 2, 1, 10, 0)])


def test_letters_come_from_a_font_that_has_them(fonts: Path) -> None:
    """Fonts without any of the missing letters are left out, and all of them if no letter is missing."""
    install(fonts, "Rare", NAME)
    install(fonts, "Nothing", "x")
    assert ChartFonts.for_letters("Zoë").families == ("DejaVu Sans",)
    found = ChartFonts.for_letters(f"Zoë {NAME}")
    assert found.families == ("DejaVu Sans", "Rare")
    assert {*map(ord, NAME), ord("Z")} <= found.glyphs
    assert ord(OTHER) not in ChartFonts.for_letters(OTHER).glyphs


@pytest.mark.parametrize(("locale", "family"), [("ja", "IPAGothic"), ("zh_CN", "SimHei"), (None, "IPAGothic")])
def test_characters_have_the_shapes_of_the_language(fonts: Path, locale: str | None, family: str) -> None:
    """Japanese and Chinese write the same characters differently, and other fonts come after those of either."""
    for name in ("A font", "SimHei", "IPAGothic"):
        install(fonts, name, NAME)
    assert ChartFonts.for_letters(NAME, locale).families == ("DejaVu Sans", family)


def test_titles_are_bold_only_if_all_of_their_letters_can_be(fonts: Path) -> None:
    install(fonts, "Rare", NAME)
    assert ChartFonts.for_letters("Zoë").title_weight == "bold"
    assert ChartFonts.for_letters(NAME).title_weight == "normal"


def test_a_font_that_was_removed_is_none(fonts: Path) -> None:
    """Matplotlib keeps a list of them in a file, which may be older than the machine's fonts."""
    install(fonts, "Removed", NAME)
    (fonts / "Removed.ttf").unlink()
    assert ChartFonts.for_letters(NAME).families == ("DejaVu Sans",)


async def test_a_font_that_is_installed_later_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although matplotlib has made its list of fonts: the name has its letters, without a restart."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "fonts").mkdir()
    before = await ChartRenderer().draw(two_members(), {1: NAME})
    (tmp_path / "fonts" / "damaged.ttf").write_bytes(b"no font")
    misname(write_font(tmp_path / "fonts" / "misnamed.ttf", "Misnamed", NAME))
    write_font(tmp_path / "fonts" / "rare.ttf", "Rare", NAME)
    after = await ChartRenderer().draw(two_members(), {1: NAME})
    assert before == draw_chart(two_members(), {}, members_shown=MEMBERS_SHOWN)
    assert bright(after) > bright(before)


def bright(png: bytes) -> int:
    """Return how many pixels of the first member's name are of its colour: squares have more of them than letters."""
    chart = Image.open(io.BytesIO(png)).convert("L")
    left, right = int(chart.width * 0.66), int(chart.width * 0.66) + 262
    return sum(chart.getpixel((x, y)) > 200 for x in range(left, right) for y in range(64, 100))  # type: ignore[operator]
