"""The first answer in a language with a catalogue beside the same one in English."""

from functools import partial
from typing import Final

from benchmarks.acknowledgement import FIGURES, answered, figures_of
from benchmarks.bench import Bench
from benchmarks.databases import SQLITE
from benchmarks.experiment import Aim, Experiment, Line, Measured, Unit

ENGLISH, TRANSLATED = "English", "German"
LOCALES: Final = {ENGLISH: "en-US", TRANSLATED: "de"}
TIMES: Final = 1.02
A_SECOND: Final = 20
SECONDS: Final = 8.0


def languages(bench: Bench) -> list[Experiment]:
    """Return the experiment in which members of two languages take turns."""
    row = Line(
        f"acknowledged with a catalogue: {' / '.join(FIGURES)}",
        TRANSLATED,
        FIGURES,
        Unit.MILLISECONDS,
        "p50",
        Aim(most=TIMES, times=True),
        beside=ENGLISH,
    )
    programs = {name: partial(_measured, bench, locale) for name, locale in LOCALES.items()}
    return [Experiment("acknowledged in two languages", programs, [row])]


async def _measured(bench: Bench, locale: str) -> Measured:
    latencies, conditions = await answered(bench, SQLITE, A_SECOND, bench.either(SECONDS, 0.5), locale)
    return Measured(figures_of(latencies), conditions)
