"""The usage chart: the right bars in the right places, for any numbers and names."""

import io
import pickle
import subprocess
import sys
import warnings
from datetime import date, timedelta

import pytest
from PIL import Image, ImageColor

from bot.i18n import language
from bot.i18n.catalogue import Catalogue, Key
from bot.i18n.cldr import formats_of
from bot.i18n.languages import Languages
from bot.picture.usage_figures import Line
from bot.reports.activity import Activity, MemberTally, Tally
from bot.reports.chart import draw_chart
from bot.reports.chart_fonts import ChartFonts
from bot.reports.chart_names import ChartNames
from bot.reports.chart_words import ChartWords
from bot.reports.chart_worker import MEMBERS_SHOWN, ChartRenderer

FIRST = date(2026, 2, 25)
DISCORDS_DARK, PICTURES = ImageColor.getrgb("#2b2d31"), ImageColor.getrgb("#8b95ff")
BELOW_TITLE = 60  # pixels


def week(*lines: Line) -> Activity:
    return Activity(FIRST, FIRST + timedelta(days=6), lines)


def line(day: int, user_id: int = 1001234, pictures: int = 1) -> Line:
    return Line(FIRST + timedelta(days=day), user_id, pictures, pictures * 10, 0)


def drawn(activity: Activity, names: dict[int, str] | None = None, words: ChartWords | None = None) -> Image.Image:
    """Return the chart; a warning of matplotlib's, such as of a letter that it cannot draw, is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        png = draw_chart(activity, names or {}, words=words, members_shown=MEMBERS_SHOWN)
    return Image.open(io.BytesIO(png)).convert("RGB")


def bars(chart: Image.Image) -> list[int]:
    """Return the days of a week on which one member's chart has a bar of pictures."""
    left, right = int(chart.width * 0.075), int(chart.width * 0.965)
    width = (right - left) / 7
    middles = [round(left + width * (day + 0.5)) for day in range(7)]
    return [
        day
        for day, x in enumerate(middles)
        if any(chart.getpixel((x, y)) == PICTURES for y in range(BELOW_TITLE, chart.height))
    ]


def test_each_day_has_its_bar_in_its_place() -> None:
    """Days without pictures are gaps in the row of bars, not left out of it."""
    assert bars(drawn(week(line(0), line(4, pictures=9)))) == [0, 4]


async def test_the_picture_is_large_dark_and_drawn_off_the_loop() -> None:
    """1200 × 900 pixels, so that a phone shows readable words, on the colour that Discord has around it."""
    png = await ChartRenderer().draw(week(line(3)), {})
    chart = Image.open(io.BytesIO(png)).convert("RGB")
    assert (chart.format or "PNG", chart.size) == ("PNG", (1200, 900))
    assert chart.getpixel((2, 2)) == DISCORDS_DARK


@pytest.mark.parametrize(
    ("called", "shown"),
    [
        ("Alice", "Alice"),
        ("żółw Ωμέγα Юля", "żółw Ωμέγα Юля"),
        ("\U0001d4d5\U0001d4ea\U0001d4f7\U0001d4ec\U0001d502 \uff37\uff49\uff44\uff45", "Fancy Wide"),
        ("王 Ming\n\u202e", "Ming"),
        ("王小明", "member 1234"),
        ("\u202eعمر", "عمر"),
        ("", "member 1234"),
        (r"$\frac{1}$", r"$\frac{1}$"),
    ],
)
def test_names_are_shown_as_far_as_the_font_goes(called: str, shown: str) -> None:
    """Characters without a glyph are left out; a name without any shows the end of the user's id."""
    glyphs = ChartFonts.for_letters("").glyphs
    assert ChartNames({1001234: called}, ChartWords(), glyphs).of(1001234) == shown


def test_no_name_and_no_number_of_members_breaks_the_chart() -> None:
    """Formulas, emoji and other scripts are drawn without a complaint, beside a line for all who have no room."""
    names = {1: r"$\frac{", 2: "🎨🎨", 3: "王小明", 4: "_^%#&~", 5: "عمر", 6: "👩‍👩‍👧 fam"}
    drawn(week(*(line(member % 7, user_id=member, pictures=10**member) for member in range(1, 10))), names)


def test_long_names_leave_room_for_the_figures() -> None:
    """However wide its letters are, a name ends before the number beside it."""
    chart = drawn(week(line(0, 1), line(0, 2)), {1: "W" * 32, 2: "i" * 32})
    between = range(int(chart.width * 0.66) + 264, int(chart.width * 0.965) - 60)
    first_line = range(66, 100)
    assert {chart.getpixel((x, y)) for x in between for y in first_line} == {DISCORDS_DARK}


def test_members_without_pictures_can_be_drawn() -> None:
    """A chart with only rejected requests works, without a division by zero."""
    drawn(week(Line(FIRST, 1, 0, 0, 2), Line(FIRST, 2, 0, 0, 1)))


@pytest.mark.parametrize(
    ("figure", "shown"),
    [(0, "0"), (9_500, "9,500"), (10_000, "10k"), (95_120, "95.1k"), (1_000_000, "1M"), (9_460_000, "9.5M")],
)
def test_figures_are_short(figure: int, shown: str) -> None:
    """Large ones fit the margin."""
    assert ChartWords().figure(figure) == shown


SPOKEN: dict[Key, str] = {"Pictures a day": "Bilder je Tag", "{count:,} in all": "insgesamt {count:,}"}


def test_a_chart_has_the_words_of_its_language() -> None:
    """With its figures and days, and drawn with all of them."""
    with language(Catalogue(SPOKEN, formats=formats_of("de"))):
        words = pickle.loads(pickle.dumps(ChartWords.current()))  # noqa: S301  (as the process that draws gets it)
    assert [words.say("pictures"), words.say("total", count=1234), words.say("members")] == [
        "Bilder je Tag",
        "insgesamt 1.234",
        "By member",
    ]
    assert [words.figure(95_120), words.day(FIRST)] == ["95,1k", "25. Feb."]
    assert bars(drawn(week(line(0), line(4)), words=words)) == [0, 4]


def test_a_chart_is_in_english_if_no_font_has_its_letters() -> None:
    """Boxes instead of letters would say nothing; the card around it has the words."""
    glyphs = ChartFonts.for_letters("").glyphs
    with language(Catalogue({"Pictures a day": "1日の画像"}, formats=formats_of("ja"))):
        words = ChartWords.current()
    assert words.drawable(glyphs) == ChartWords()
    with language(Catalogue({"Pictures a day": "Зображень за день"}, formats=formats_of("uk"))):
        words = ChartWords.current()
    assert words.drawable(glyphs) is words
    drawn(week(line(0), line(4, 1001235, 20_000)), {}, words)


@pytest.mark.parametrize(
    ("count", "shown"), [(1, "ще 1 учасник"), (3, "ще 3 учасники"), (1200, "ще 1\u00a0200 учасників")]
)
def test_the_line_of_all_others_has_the_plural_form_of_its_number(count: int, shown: str) -> None:
    with language(Languages.load().of("uk")):
        words = ChartWords.current(others=count)
    assert pickle.loads(pickle.dumps(words)).say("others", count=count) == shown  # noqa: S301  (our own)


def test_days_have_no_gaps_and_members_an_order() -> None:
    """Every day of the time is there; the most active member comes first, and among equals the older account."""
    activity = week(line(0, 3), line(2, 2), line(2, 1, pictures=4), line(6, 3, pictures=0))
    assert [day.day for day in activity.days] == [25, 26, 27, 28, 1, 2, 3]
    assert [tally.pictures for tally in activity.by_day] == [1, 0, 5, 0, 0, 0, 0]
    assert activity.by_member == [MemberTally(n, Tally(p, p * 10, 0)) for n, p in [(1, 4), (2, 1), (3, 1)]]
    assert activity.total == Tally(6, 60, 0)


def test_starting_the_bot_does_not_load_matplotlib() -> None:
    """Only who asks for a chart waits for it."""
    script = "import sys, bot.app, cogs.limits.usage, cogs.limits.quota; sys.exit('matplotlib' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], check=False)  # noqa: S603  (this very interpreter)
    assert ran.returncode == 0
