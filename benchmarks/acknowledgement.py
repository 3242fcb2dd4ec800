"""From the moment when somebody asks to the moment when Discord has the first answer, at a steady pace."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random
from typing import Final

from benchmarks.bench import ROLES, Bench, with_roles
from benchmarks.candidates import Running
from benchmarks.conditions import Conditions, conditions_noted
from benchmarks.databases import POSTGRESQL, SQLITE
from benchmarks.experiment import FLOOR, Aim, Experiment, Line, Measured, Unit
from benchmarks.far_ends import FarEnds
from benchmarks.report import percentile
from standins.apiframe.jobs import Pace
from standins.discord.model.interactions import ANSWER_WITHIN_SECONDS, Interaction

NO_PICTURE_ENDS: Final = f"{SQLITE}, no picture ends"
FIGURES: Final = ("p50", "p99", "max")
DRAWING_SECONDS: Final = (3.0, 12.0)
NEVER_SECONDS: Final = 1e6


@dataclass(frozen=True, slots=True)
class Rate:
    """A load, the p99 that the floor usually has under it, and how many times that each program may take."""

    a_second: int
    seconds: float
    usual_floor: float
    times_floor: dict[str, float | None]


RATES: Final = (
    Rate(20, 8.0, 0.0026, {SQLITE: 4, NO_PICTURE_ENDS: None, POSTGRESQL: 5, ROLES: 4}),
    Rate(100, 5.0, 0.0016, {SQLITE: 6, NO_PICTURE_ENDS: None, POSTGRESQL: 12, ROLES: 6}),
)


def acknowledgement(bench: Bench) -> list[Experiment]:
    """Return an experiment for every rate, with each program on each database."""
    return [_at_rate(bench, rate) for rate in RATES]


def _at_rate(bench: Bench, rate: Rate) -> Experiment:
    programs = with_roles(*rate.times_floor)
    seconds = bench.either(rate.seconds, 0.5)

    async def measured(program: str) -> Measured:
        latencies, conditions = await answered(bench, program, rate.a_second, seconds)
        return Measured(figures_of(latencies), conditions)

    return Experiment(
        f"acknowledged at {rate.a_second}/s",
        {program: partial(measured, program) for program in (FLOOR, *programs)},
        [_line(rate, program) for program in programs],
    )


def _line(rate: Rate, program: str) -> Line:
    times = rate.times_floor[program]
    aim = None if times is None else Aim(most=times, times=True)
    what = f"acknowledged at {rate.a_second}/s, {program}: {' / '.join(FIGURES)}"
    return Line(what, program, FIGURES, Unit.MILLISECONDS, "p99", aim, usual=rate.usual_floor)


def figures_of(latencies: Sequence[float]) -> dict[str, float]:
    """Return the median, what one answer in a hundred takes or longer, and the slowest."""
    return {"p50": percentile(latencies, 50), "p99": percentile(latencies, 99), "max": max(latencies)}


async def answered(
    bench: Bench, program: str, rate: float, seconds: float, locales: Sequence[str] = ("en-US",)
) -> tuple[list[float], Conditions]:
    """Return how long each answer took that was asked for at this rate, for this many seconds.

    People with these locales take turns.
    """
    drawing = (NEVER_SECONDS, NEVER_SECONDS) if program == NO_PICTURE_ENDS else DRAWING_SECONDS
    async with bench.place() as (ends, folder):
        crowd = _Crowd(ends, drawing, locales)
        starting = bench.starting(program, ends, folder)
        return await _latencies(crowd, starting, rate, round(rate * seconds), warm_up=bench.either(20, 4))


async def _latencies(
    crowd: "_Crowd", starting: Running, rate: float, times: int, *, warm_up: int
) -> tuple[list[float], Conditions]:
    """Return how long each answer took; never answered counts as three seconds."""
    async with starting as candidate:
        await crowd.ask(rate=10, times=warm_up)
        async with conditions_noted() as conditions:
            asked = await crowd.ask(rate, times)
        with suppress(TimeoutError):
            await crowd.ends.discord.world.until(lambda: all(one.callback for one in asked), ANSWER_WITHIN_SECONDS)
        candidate.kill()
    latencies = [one.callback.seconds if one.callback else ANSWER_WITHIN_SECONDS for one in asked]
    return latencies, conditions


@dataclass(slots=True)
class _Crowd:
    """Strangers, each of whom types `/imagine` once; `drawing` is how many seconds a picture takes."""

    ends: FarEnds
    drawing: tuple[float, float]
    locales: Sequence[str]
    _numbers: "count[int]" = field(default_factory=count, init=False)

    async def ask(self, rate: float, times: int) -> list[Interaction]:
        """Make some of them ask at this rate, even if the responses don't keep up."""
        loop = asyncio.get_running_loop()
        begun, chance = loop.time(), Random(0)  # noqa: S311  (chance, no secret)
        asked = []
        for turn in range(times):
            await asyncio.sleep(begun + turn / rate - loop.time())
            self.ends.apiframe.pace = Pace(queued=0.5, drawing=chance.uniform(*self.drawing))
            self.ends.discord.world.platform.locale = self.locales[turn % len(self.locales)]
            asked.append(await self.ends.imagine(next(self._numbers)))
        return asked
