"""Several pictures from one command beside one: the requests to Discord, and the time to the first answer."""

import asyncio
from functools import partial
from typing import Final

from benchmarks.acknowledgement import figures_of
from benchmarks.bench import Bench
from benchmarks.conditions import conditions_noted
from benchmarks.databases import SQLITE
from benchmarks.experiment import Aim, Experiment, Line, Measured, Unit
from benchmarks.far_ends import FarEnds
from benchmarks.posting import pictured
from standins.apiframe.jobs import Pace
from standins.discord.model.interactions import ANSWER_WITHIN_SECONDS

TOGETHER: Final = 4
ONE, SEVERAL = "one picture", f"{TOGETHER} pictures"
TIMES: Final = 1.5
EVERY_SECONDS: Final = 1.0  # a picture: both programs make as many in the background of an answer
DRAWING: Final = Pace(queued=0.5, drawing=6.0)
GIVE_UP_SECONDS: Final = 120.0
REACTION_SECONDS: Final = 2.0  # the last request of a picture comes after it


def several(bench: Bench) -> list[Experiment]:
    """Return the experiment that has commands for one picture and for several take turns."""
    most = Aim(most=TIMES, times=True)
    return [
        Experiment(
            "several pictures from one command",
            {ONE: partial(_measured, bench, 1), SEVERAL: partial(_measured, bench, TOGETHER)},
            [
                Line("requests to Discord a command", SEVERAL, ["requests"], Unit.COUNT, aim=most, beside=ONE),
                Line(
                    "acknowledged, several pictures: p50 / max",
                    SEVERAL,
                    ("p50", "max"),
                    Unit.MILLISECONDS,
                    "p50",
                    most,
                    beside=ONE,
                ),
            ],
        )
    ]


async def _measured(bench: Bench, pictures: int) -> Measured:
    commands = bench.either(12, 3)
    async with bench.place() as (ends, folder):
        ends.apiframe.pace = bench.either(DRAWING, Pace(queued=0.1, drawing=0.5))
        settings = {"GENERATION__CONCURRENCY": 500, "GENERATION__CONCURRENCY_PER_SERVER": 500}
        requests: list[str] = []
        async with bench.starting(SQLITE, ends, folder, settings), conditions_noted() as conditions:
            await _ask(ends, 0, pictures)
            await _all_posted(ends, pictures)
            ends.discord.observers.append(lambda exchange: requests.append(exchange.path))
            latencies = []
            for number in range(1, commands + 1):
                latencies.append(await _ask(ends, number, pictures))
                await asyncio.sleep(EVERY_SECONDS * pictures)
            await _all_posted(ends, pictures * (commands + 1))
    return Measured({"requests": len(requests) / commands, **figures_of(latencies)}, conditions)


async def _ask(ends: FarEnds, number: int, pictures: int) -> float:
    """Make a member ask, and return the seconds until the first answer."""
    asked = await ends.imagine(number, count=pictures)
    await ends.discord.world.until(lambda: asked.callback, ANSWER_WITHIN_SECONDS)
    assert asked.callback is not None
    return asked.callback.seconds


async def _all_posted(ends: FarEnds, pictures: int) -> None:
    """Return when this many pictures are in the channels, and what follows them is done."""
    await ends.discord.world.until(
        lambda: sum(len(message.attachments) for message in pictured(ends)) == pictures, GIVE_UP_SECONDS
    )
    await asyncio.sleep(REACTION_SECONDS)
