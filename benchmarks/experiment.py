"""Programs under the same load, which take turns, and the rows that come of it: medians, aims and verdicts."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from statistics import median
from typing import Final

from rich.console import Console

from benchmarks.conditions import Conditions, is_unsteady, summary_of
from benchmarks.report import Row

FLOOR: Final = "floor"
REPETITIONS: Final = 3
CAUSE_LENGTH: Final = 300  # characters of a failure in the table
console: Final = Console(stderr=True)


class Unit(Enum):
    """How figures are written: the factor from seconds, bytes or shares, the format and the sign."""

    MILLISECONDS = (1e3, ".1f", " ms")
    SECONDS = (1.0, ".2f", " s")
    MEGABYTES = (1e-6, ".0f", " MB")
    PERCENT = (1e2, ".1f", " %")
    A_MINUTE = (1.0, ",.0f", "")
    COUNT = (1.0, ".1f", "")

    def written(self, *figures: float) -> str:
        """Write figures side by side."""
        factor, form, sign = self.value
        return " / ".join(f"{each * factor:{form}}" for each in figures) + sign


@dataclass(frozen=True, slots=True)
class Aim:
    """The most that a figure may be, or the least; with `times`, that many times the figure beside it."""

    most: float | None = None
    least: float | None = None
    times: bool = False

    def is_met(self, figure: float, beside: float) -> bool:
        """Return True if the figure is on the right side."""
        unit = beside if self.times else 1.0
        return (self.most is None or figure <= self.most * unit) and (self.least is None or figure >= self.least * unit)

    def written(self, figure: str, unit: Unit, beside: str) -> str:
        """Write the aim; `figure` is what it is about, where several are shown."""
        sign, number = ("≥", self.least) if self.most is None else ("≤", self.most)
        assert number is not None
        return f"{figure} {sign} {f'{number:g} × {beside}' if self.times else unit.written(number)}".strip()


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one repetition by name, in seconds, bytes or shares, and what they were measured under."""

    figures: Mapping[str, float]
    conditions: Conditions


Measure = Callable[[], Awaitable[Measured]]


@dataclass(frozen=True, slots=True)
class Line:
    """A row to be: the figures of a program, and the aim of one of them.

    The figures stand beside the same ones of `beside`. `usual` is the judged figure that the program beside has on the
    machine of docs/performance.md. At twice that, there is no verdict.
    """

    what: str
    program: str
    figures: Sequence[str]
    unit: Unit
    judged: str = ""
    aim: Aim | None = None
    beside: str = FLOOR
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class Experiment:
    """Programs by name, each with how to put it under the load once, and the rows to make of their figures."""

    name: str
    programs: Mapping[str, Measure]
    lines: Sequence[Line]


@dataclass(slots=True)
class Turns:
    """All repetitions of one program, or why there are none."""

    measured: list[Measured] = field(default_factory=list)
    failure: str = ""

    def of(self, figure: str) -> list[float]:
        """Return one figure of each repetition."""
        return [each.figures[figure] for each in self.measured]


async def rows_of(experiment: Experiment, repetitions: int = REPETITIONS) -> list[Row]:
    """Measure the programs in turn, this many times, and return the rows; a program that fails is left out."""
    turns = {name: Turns() for name in experiment.programs}
    for repetition in range(repetitions):
        for name, measure in experiment.programs.items():
            if not turns[name].failure:
                console.log(f"{experiment.name}: {name}, {repetition + 1} of {repetitions}", highlight=False)
                await _take_turn(turns[name], measure)
    return [row_of(line, turns) for line in experiment.lines]


async def _take_turn(turns: Turns, measure: Measure) -> None:
    try:
        turns.measured.append(await measure())
    except Exception as cause:  # noqa: BLE001  (whatever it is stands in the report, and the next row is measured)
        turns.failure = failure_of(cause)


def failure_of(cause: Exception) -> str:
    """Write an exception in one line, as it stands in a row."""
    return " ".join(f"{type(cause).__name__}: {cause}".split())[-CAUSE_LENGTH:]


def row_of(line: Line, turns: Mapping[str, Turns]) -> Row:
    """Return the medians of a program beside those of the other one, with the verdict."""
    own, beside = turns[line.program], turns.get(line.beside, Turns())
    figures, others = _medians(line, own), _medians(line, beside)
    failure = own.failure or (beside.failure and f"{line.beside}: {beside.failure}")
    return Row(
        line.what,
        line.unit.written(*figures.values()) if figures else "",
        line.unit.written(*others.values()) if others else "",
        _aim(line),
        None if failure else _verdict(line, figures, others, beside),
        summary_of([each.conditions for each in own.measured]) if figures else "",
        failure,
        figures,
        others,
    )


def _medians(line: Line, turns: Turns) -> dict[str, float]:
    """Return the median of each figure; nothing if the program failed."""
    if turns.failure or not turns.measured:
        return {}
    return {figure: median(turns.of(figure)) for figure in line.figures}


def _aim(line: Line) -> str:
    if line.aim is None:
        return ""
    return line.aim.written(line.judged if len(line.figures) > 1 else "", line.unit, line.beside)


def _verdict(line: Line, own: Mapping[str, float], others: Mapping[str, float], beside: Turns) -> bool | None:
    if line.aim is None:
        return None
    judged = line.judged or line.figures[0]
    if others and is_unsteady(beside.of(judged), line.usual):
        return None
    return line.aim.is_met(own[judged], others.get(judged, 0.0))
