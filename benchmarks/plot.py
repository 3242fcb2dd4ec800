"""How long an answer takes at each rate, as a picture for docs/performance.md."""

from pathlib import Path
from statistics import median
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.acknowledgement import answered, figures_of
from benchmarks.bench import ROLES, Bench, with_roles
from benchmarks.databases import POSTGRESQL, SQLITE
from benchmarks.experiment import FLOOR, REPETITIONS, console

RATES: Final = (10, 20, 50, 100, 200, 300)
QUICK_RATES: Final = (10, 20)
FEWEST: Final = 100  # answers a point, since a p99 of fewer is the slowest one
SECONDS: Final = 4.0
COLORS: Final = {FLOOR: "#7a7a7a", SQLITE: "#1b7f4d", POSTGRESQL: "#1f5fa8", ROLES: "#b4480f"}
STYLES: Final = {"p50": "--", "p99": "-"}
LABELS: Final = {SQLITE: f"one process, {SQLITE}", POSTGRESQL: f"one process, {POSTGRESQL}"}

Points = dict[str, dict[str, list[float]]]
"""For each program, its p50 and p99 at every rate, in milliseconds."""


async def plot(bench: Bench, file: Path) -> None:
    """Measure each program at each rate, taking turns, and draw the medians into an SVG."""
    rates = bench.either(RATES, QUICK_RATES)
    points: Points = {program: {figure: [] for figure in STYLES} for program in with_roles(*COLORS)}
    for rate in rates:
        seconds = bench.either(max(SECONDS, FEWEST / rate), 0.5)
        runs: dict[str, list[dict[str, float]]] = {program: [] for program in points}
        for turn in range(bench.either(REPETITIONS, 1)):
            for program, found in runs.items():
                console.log(f"{rate}/s: {program}, turn {turn + 1}", highlight=False)
                latencies, _ = await answered(bench, program, rate, seconds)
                found.append(figures_of(latencies))
        for program, found in runs.items():
            for figure, line in points[program].items():
                line.append(1000 * median(each[figure] for each in found))
    draw(rates, points, file)


def draw(rates: tuple[int, ...], points: Points, file: Path) -> None:
    """Draw p50 (dashed) and p99 of every program over the rate, both on logarithmic scales."""
    # Text stays text, and the same points make the same file.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "plot", "font.family": "sans-serif"}):
        figure = Figure(figsize=(8, 4.5), layout="constrained")
        axes = figure.add_subplot(
            xscale="log", yscale="log", xlabel="/imagine per second", ylabel="first answer after, ms"
        )
        for program, figures in points.items():
            for name, values in figures.items():
                label = f"{LABELS.get(program, program)}, {name}"
                axes.plot(rates, values, STYLES[name], color=COLORS[program], marker="o", markersize=4, label=label)
        axes.set_xticks(rates, [str(rate) for rate in rates])
        axes.minorticks_off()
        axes.grid(visible=True, color="#d8d8d8", linewidth=0.5)
        axes.legend(fontsize="small", loc="upper left")
        figure.savefig(file, format="svg", metadata={"Date": None})
