"""From the moment when somebody asks to the moment when Discord has the first answer, at a steady pace."""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from benchmarks.candidates import Running, bare_bot, the_bot
from benchmarks.conditions import Conditions, conditions_noted, is_unsteady, summary_of
from benchmarks.databases import POSTGRESQL, SQLITE, NewDatabase
from benchmarks.far_ends import FarEnds, far_ends
from benchmarks.report import Row, milliseconds, percentile
from standins.apiframe.jobs import Pace
from standins.discord.model.interactions import ANSWER_WITHIN_SECONDS, Interaction

DRAWING_SECONDS = (3.0, 12.0)
# Interactions a second, and how many times the floor's p99 the bot's may be on each database.
TIMES_THE_FLOOR: Final = {20: {SQLITE: 4.0, POSTGRESQL: 5.0}, 100: {SQLITE: 6.0, POSTGRESQL: 12.0}}
FLOOR: Final = "floor"
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Measured:
    """The latencies of one repetition, and what they were measured under."""

    latencies: list[float]
    conditions: Conditions

    @property
    def p99(self) -> float:
        """Return what one answer in a hundred takes, or longer."""
        return percentile(self.latencies, 99)


async def measure_acknowledgement(new_database: NewDatabase, seconds: float, repetitions: int) -> list[Row]:
    """Send requests at every rate for this many seconds to each program, one after the other, several times."""
    rows: list[Row] = []
    for rate, aims in TIMES_THE_FLOOR.items():
        measured: dict[str, list[Measured]] = {name: [] for name in (FLOOR, *aims)}
        for _ in range(repetitions):
            for name, runs in measured.items():
                runs.append(await _measured(name, new_database, rate, seconds))
        rows += [_row(kind, rate, measured[kind], measured[FLOOR], aims[kind]) for kind in aims]
    return rows


async def _measured(name: str, new_database: NewDatabase, rate: int, seconds: float) -> Measured:
    with tempfile.TemporaryDirectory(prefix="benchmark-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        async with far_ends() as ends:
            if name == FLOOR:
                return await _latencies(ends, bare_bot(ends, place), rate, seconds)
            bot = the_bot(ends, place, DATABASE_URL=new_database(name, place))
            return await _latencies(ends, bot, rate, seconds)


def _row(kind: str, rate: int, bot: Sequence[Measured], floor: Sequence[Measured], times: float) -> Row:
    most = times * median(each.p99 for each in floor)
    steady = not is_unsteady([each.p99 for each in floor])
    return Row(
        f"acknowledged at {rate}/s, {kind}: p50 / p99 / max",
        _summary(bot),
        _summary(floor),
        f"p99 ≤ {times:.0f} × floor",
        median(each.p99 for each in bot) <= most if steady else None,
        summary_of([each.conditions for each in bot]),
    )


async def _latencies(ends: FarEnds, starting: Running, rate: int, seconds: float) -> Measured:
    """Return how long each answer took that was asked for at this rate; never answered counts as three seconds."""
    async with starting as candidate:
        numbers = count()
        await _ask(ends, numbers, rate=10, times=WARM_UP)
        async with conditions_noted() as conditions:
            asked = await _ask(ends, numbers, rate, times=round(rate * seconds))
        with suppress(TimeoutError):
            await ends.discord.world.until(lambda: all(one.callback for one in asked), ANSWER_WITHIN_SECONDS)
        candidate.process.kill()  # pictures under way would hold up an orderly end
    latencies = [one.callback.seconds if one.callback else ANSWER_WITHIN_SECONDS for one in asked]
    return Measured(latencies, conditions)


async def _ask(ends: FarEnds, numbers: "count[int]", rate: float, times: int) -> list[Interaction]:
    """Make strangers type `/imagine` at this rate, even if the responses don't keep up."""
    loop = asyncio.get_running_loop()
    begun, chance = loop.time(), Random(0)  # noqa: S311  (chance, no secret)
    asked = []
    for turn in range(times):
        await asyncio.sleep(begun + turn / rate - loop.time())
        ends.apiframe.pace = Pace(queued=0.5, drawing=chance.uniform(*DRAWING_SECONDS))
        asked.append(await ends.imagine(next(numbers)))
    return asked


def _summary(runs: Sequence[Measured]) -> str:
    """Write the medians over the repetitions."""
    figures: list[Callable[[list[float]], float]] = [
        lambda each: percentile(each, 50),
        lambda each: percentile(each, 99),
        max,
    ]
    return milliseconds([median(figure(run.latencies) for run in runs) for figure in figures])
