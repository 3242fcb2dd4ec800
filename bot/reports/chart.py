"""The usage chart: for a small screen, light on the dark that Discord is seen in."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bot.reports.activity import Activity, MemberTally, Tally
from bot.reports.chart_fonts import ChartFonts
from bot.reports.chart_names import ChartNames, plain_name
from bot.reports.chart_words import ChartWords

_WIDTH, _HEIGHT = 1200, 900  # pixels: on a phone a third of that, where 27 of them are a readable 9
_DPI = 100
_POINT = 72 / _DPI  # of a pixel
_BACKGROUND, _TEXT, _QUIET, _LINE, _TROUGH = "#2b2d31", "#f2f3f5", "#b5bac1", "#43454c", "#383a40"
_BEFORE = "#4e5058"
_TITLE_SIZE, _TEXT_SIZE, _SMALL_SIZE = 32 * _POINT, 29 * _POINT, 26 * _POINT
_BOTTOM, _TOP, _LEFT, _RIGHT = 0.115, 0.935, 0.075, 0.965  # of the picture
_DAYS_END, _MEMBERS_BEGIN = 0.6, 0.66
_DAY_LABEL_PIXELS = 150
_BAR_WIDTH = 0.76  # of a day
_ROW_PIXELS, _ROW_BAR_PIXELS, _NAME_PIXELS = 108, 12, 262


@dataclass(frozen=True, slots=True)
class _Panel:
    """One small chart of days: its title in `ChartWords`, what it counts, its colour, and its share of the height."""

    title: str
    count: Callable[[Tally], int]
    colour: str
    height: float


_PANELS = (
    _Panel("pictures", lambda tally: tally.pictures, "#8b95ff", 2),
    _Panel("credits", lambda tally: tally.credits, "#f0b232", 1.4),
    _Panel("refusals", lambda tally: tally.refusals, "#f47b7d", 1),
)


def draw_chart(
    activity: Activity,
    names: Mapping[int, str],
    before: Activity | None = None,
    words: ChartWords | None = None,
    *,
    members_shown: int,
) -> bytes:
    """Return a PNG of 1200 × 900 pixels, with the days `before` in grey behind those that they are compared with.

    Names and words may take fonts of the machine, which are set for the whole process: draw one chart at a time in it.
    """
    words = words or ChartWords()
    shown = "".join(plain_name(names.get(member.user_id, "")) for member in activity.by_member[:members_shown])
    fonts = ChartFonts.for_letters(words.letters | set(shown), words.locale)
    words = words.drawable(fonts.glyphs)
    rows = _rows(activity.by_member, ChartNames(names, words, fonts.glyphs), members_shown, words)
    with rc_context({"font.family": list(fonts.families), "axes.titleweight": fonts.title_weight}):
        return _png(activity, before, words, rows)


def _png(activity: Activity, before: Activity | None, words: ChartWords, rows: Sequence[tuple[str, Tally]]) -> bytes:
    """Return the chart as a PNG, drawn without pyplot, which would keep the figure in memory."""
    figure = Figure(figsize=(_WIDTH / _DPI, _HEIGHT / _DPI), dpi=_DPI, facecolor=_BACKGROUND)
    FigureCanvasAgg(figure)
    _draw_days(figure, activity, before, words, _DAYS_END if len(rows) > 1 else _RIGHT)
    if len(rows) > 1:
        _draw_members(figure, rows, words)
    png = io.BytesIO()
    figure.savefig(png, format="png", facecolor=_BACKGROUND)
    figure.clear()  # its parts refer to each other, and would wait for the garbage collector
    return png.getvalue()


def _draw_days(figure: Figure, activity: Activity, before: Activity | None, words: ChartWords, right: float) -> None:
    heights = [panel.height for panel in _PANELS]
    grid = figure.add_gridspec(
        len(_PANELS), 1, height_ratios=heights, left=_LEFT, right=right, bottom=_BOTTOM, top=_TOP, hspace=0.42
    )
    below = words.say("days" if before is None else "days_before")
    for row, panel in enumerate(_PANELS):
        axes, is_last = figure.add_subplot(grid[row, 0]), panel is _PANELS[-1]
        _draw_panel(axes, panel, words, *(_counts(panel, each) for each in (activity, before)))
        labels = [words.day(day) for day in activity.days] if is_last else []
        _label_days(axes, labels, (right - _LEFT) * _WIDTH, below if is_last else "")


def _counts(panel: _Panel, activity: Activity | None) -> Sequence[int]:
    return [] if activity is None else [panel.count(tally) for tally in activity.by_day]


def _draw_panel(axes: Axes, panel: _Panel, words: ChartWords, values: Sequence[int], before: Sequence[int]) -> None:
    axes.bar(range(len(before)), before, width=_BAR_WIDTH, color=_BEFORE, zorder=2)
    width = _BAR_WIDTH if not before else _BAR_WIDTH / 2
    axes.bar(range(len(values)), values, width=width, color=panel.colour, zorder=3)
    axes.set_xlim(-0.6, len(values) - 0.4)
    axes.set_ylim(0, max(1, *values, *before) * 1.08)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=round(panel.height) + 1, integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: words.figure(value))
    axes.set_title(words.say(panel.title), loc="left", color=panel.colour, fontsize=_TITLE_SIZE, pad=10)
    total = words.say("total", count=sum(values))
    axes.set_title(total, loc="right", color=_TEXT, fontsize=_TEXT_SIZE, weight="normal", pad=10)
    axes.grid(axis="y", color=_LINE, linewidth=1.5, zorder=0)
    axes.tick_params(length=0, pad=8, labelsize=_SMALL_SIZE, labelcolor=_QUIET)
    axes.set_facecolor(_BACKGROUND)
    axes.spines[:].set_visible(False)


def _label_days(axes: Axes, days: Sequence[str], pixels: float, words: str) -> None:
    """Name some days, the last one among them, as many as have room, and write some words below."""
    step = -(-len(days) * _DAY_LABEL_PIXELS // int(pixels))
    ticks = range(len(days) - 1, -1, -step) if days else ()
    axes.set_xticks(list(ticks), [days[tick] for tick in ticks])
    axes.set_xlabel(words, loc="left", color=_QUIET, fontsize=_SMALL_SIZE)


def _rows(
    members: Sequence[MemberTally], names: ChartNames, shown: int, words: ChartWords
) -> Sequence[tuple[str, Tally]]:
    """Return who drew most, and all others together."""
    rows = [(names.of(member.user_id), member.tally) for member in members[:shown]]
    if others := [member.tally for member in members[shown:]]:
        rows.append((words.say("others", count=len(others)), sum(others, Tally())))
    return rows


def _draw_members(figure: Figure, rows: Sequence[tuple[str, Tally]], words: ChartWords) -> None:
    height = (_TOP - _BOTTOM) * _HEIGHT
    axes = figure.add_axes((_MEMBERS_BEGIN, _BOTTOM, _RIGHT - _MEMBERS_BEGIN, _TOP - _BOTTOM), frameon=False)
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(height, 0)
    axes.set_title(words.say("members"), loc="left", color=_TEXT, fontsize=_TITLE_SIZE, pad=10)
    unit, colour = words.say("members_unit"), _PANELS[0].colour
    axes.set_title(unit, loc="right", color=colour, fontsize=_SMALL_SIZE, weight="normal", pad=10)
    most = max(1, *(tally.pictures for _, tally in rows))
    for number, (name, tally) in enumerate(rows):
        _draw_member(axes, number * _ROW_PIXELS + 34, name, tally, tally.pictures / most, words)


def _draw_member(axes: Axes, y: float, name: str, tally: Tally, share: float, words: ChartWords) -> None:
    """Put one member's lines below each other, `y` pixels down: name and pictures, a bar, the rest."""
    colour = _PANELS[0].colour
    _write_fitting(axes, y, name)
    axes.text(1, y, words.figure(tally.pictures), color=colour, fontsize=_TEXT_SIZE, weight="bold", ha="right")
    axes.barh(y + 18, 1, _ROW_BAR_PIXELS, color=_TROUGH)
    axes.barh(y + 18, share, _ROW_BAR_PIXELS, color=colour)
    sums = {"credits": words.figure(tally.credits), "refusals": words.figure(tally.refusals)}
    rest = words.say("sums_refused" if tally.refusals else "sums", **sums)
    axes.text(0, y + 54, rest, color=_QUIET, fontsize=_SMALL_SIZE)


def _write_fitting(axes: Axes, y: float, name: str) -> None:
    """Write a name, visibly cut to the space that the number beside it leaves."""
    written = axes.text(0, y, name, color=_TEXT, fontsize=_TEXT_SIZE, parse_math=False)
    while written.get_window_extent().width > _NAME_PIXELS:
        name = name[:-1].rstrip()
        written.set_text(f"{name}…")
