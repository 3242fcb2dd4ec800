"""The first answer in a language with a catalogue beside the same one in English, from one bot."""

from functools import partial
from typing import Final

from benchmarks.acknowledgement import answered
from benchmarks.bench import Bench
from benchmarks.databases import SQLITE
from benchmarks.experiment import Aim, Experiment, Line, Measured, Unit
from benchmarks.report import percentile

ENGLISH, TRANSLATED, SLOWER = "English", "German", "slower"
LOCALES: Final = {ENGLISH: "en-US", TRANSLATED: "de"}
MOST_SLOWER: Final = 0.02
A_SECOND: Final = 20
SECONDS: Final = 40.0  # two medians of 400 answers differ by about 1 % without a cause


def languages(bench: Bench) -> list[Experiment]:
    """Return the experiment in which members of two languages take turns."""
    both = " / ".join(LOCALES)
    lines = [
        Line(f"acknowledged in two languages, p50: {both}", both, tuple(LOCALES), Unit.MILLISECONDS),
        Line("acknowledged slower with a catalogue", both, (SLOWER,), Unit.PERCENT, aim=Aim(most=MOST_SLOWER)),
    ]
    return [Experiment("acknowledged in two languages", {both: partial(_measured, bench)}, lines)]


async def _measured(bench: Bench) -> Measured:
    locales = tuple(LOCALES.values())
    latencies, conditions = await answered(bench, SQLITE, A_SECOND, bench.either(SECONDS, 0.5), locales)
    medians = {name: percentile(latencies[turn :: len(LOCALES)], 50) for turn, name in enumerate(LOCALES)}
    return Measured(medians | {SLOWER: medians[TRANSLATED] / medians[ENGLISH] - 1}, conditions)
