"""From the moment when somebody asks to the moment when Discord has the first answer, at a steady pace."""

import asyncio
import tempfile
from itertools import count
from pathlib import Path
from random import Random

from benchmarks.candidates import Running, bare_bot, the_bot
from benchmarks.far_ends import FarEnds, far_ends
from benchmarks.report import Row, milliseconds, percentile
from standins.apiframe.jobs import Pace
from standins.discord.model.interactions import ANSWER_WITHIN_SECONDS, Interaction

DRAWING_SECONDS = (3.0, 12.0)
RATES = (20, 100)  # interactions a second
TIMES_THE_FLOOR = 3.0
P99_SECONDS = 0.1
WARM_UP = 20


async def measure_acknowledgement(seconds: float) -> list[Row]:
    """Send requests at every rate for this many seconds, to both programs."""
    return [await _row(rate, seconds) for rate in RATES]


async def _row(rate: int, seconds: float) -> Row:
    async with far_ends() as ends:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            bot = await _latencies(ends, the_bot(ends, Path(folder)), rate, seconds)
    async with far_ends() as ends:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            floor = await _latencies(ends, bare_bot(ends, Path(folder)), rate, seconds)
    p99, most = percentile(bot, 99), TIMES_THE_FLOOR * percentile(floor, 99)
    return Row(
        f"acknowledged at {rate}/s: p50 / p99 / max",
        _summary(bot),
        _summary(floor),
        f"p99 < {TIMES_THE_FLOOR:.0f} × floor's, {P99_SECONDS * 1000:.0f} ms",
        p99 <= most and p99 < P99_SECONDS,
    )


async def _latencies(ends: FarEnds, starting: Running, rate: int, seconds: float) -> list[float]:
    """Return how long each answer took that was asked for at this rate; never answered counts as three seconds."""
    async with starting:
        numbers = count()
        await _ask(ends, numbers, rate=10, times=WARM_UP)
        asked = await _ask(ends, numbers, rate, times=round(rate * seconds))
        await asyncio.sleep(ANSWER_WITHIN_SECONDS)
    return [one.callback.seconds if one.callback else ANSWER_WITHIN_SECONDS for one in asked]


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


def _summary(latencies: list[float]) -> str:
    return milliseconds([percentile(latencies, 50), percentile(latencies, 99), max(latencies)])
