"""How many pictures are made in a minute when there is always one more, and the processor time of each."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

from benchmarks.bench import HAS_ROLES, ROLES, TWO_WORKERS, Bench, with_roles
from benchmarks.conditions import conditions_noted
from benchmarks.databases import POSTGRESQL, SQLITE
from benchmarks.experiment import Aim, Experiment, Line, Measured, Unit
from benchmarks.far_ends import FarEnds
from benchmarks.posting import pictured, posted_at
from standins.apiframe.jobs import Pace

PICTURES_A_MINUTE: Final = {SQLITE: 2000, POSTGRESQL: 1600}
TIMES_ONE_WORKER: Final = 1.8
PACE: Final = Pace(queued=0.0, drawing=0.5)
PICTURE_MEGABYTES: Final = 0.1
ASKED_A_SECOND: Final = 60.0
EDGES: Final = 0.2  # of the pictures at both ends, where the rate has not settled
GIVE_UP_SECONDS: Final = 240.0


def throughput(bench: Bench) -> list[Experiment]:
    """Return the experiment that asks for pictures faster than they are made."""
    programs = with_roles(SQLITE, POSTGRESQL, ROLES, TWO_WORKERS)
    lines = [_a_minute(program, Aim(least=least), "") for program, least in PICTURES_A_MINUTE.items()]
    if HAS_ROLES:
        lines += [
            _a_minute(ROLES, None, ""),
            _a_minute(TWO_WORKERS, Aim(least=TIMES_ONE_WORKER, times=True), beside=ROLES),
        ]
    return [
        Experiment(
            "pictures a minute",
            {program: partial(_measured, bench, program) for program in programs},
            [*lines, *(_processor(program) for program in programs)],
        )
    ]


def _a_minute(program: str, aim: Aim | None, beside: str) -> Line:
    return Line(f"pictures a minute, {program}", program, ["rate"], Unit.A_MINUTE, aim=aim, beside=beside)


def _processor(program: str) -> Line:
    return Line(f"processor a picture at full load, {program}", program, ["processor"], Unit.MILLISECONDS)


async def _measured(bench: Bench, program: str) -> Measured:
    pictures = bench.either(300, 20)
    async with bench.place(PICTURE_MEGABYTES) as (ends, folder):
        starting = bench.starting(program, ends, folder, {"GENERATION__CONCURRENCY": 500})
        async with starting as candidate, conditions_noted() as conditions:
            before = candidate.cpu_seconds
            await _ask(ends, pictures)
            await ends.discord.world.until(lambda: len(pictured(ends)) == pictures, GIVE_UP_SECONDS)
            cpu_seconds = (candidate.cpu_seconds - before) / pictures
        rate = a_minute([posted_at(message) for message in pictured(ends)])
    return Measured({"rate": rate, "processor": cpu_seconds}, conditions)


async def _ask(ends: FarEnds, pictures: int) -> None:
    ends.apiframe.pace = PACE
    for number in range(pictures):
        await ends.imagine(number)
        await asyncio.sleep(1 / ASKED_A_SECOND)


def a_minute(moments: Sequence[float]) -> float:
    """Return the rate at which pictures were posted, without the first and the last of them."""
    skipped = int(len(moments) * EDGES)
    middle = sorted(moments)[skipped : len(moments) - skipped]
    return 60 * (len(middle) - 1) / (middle[-1] - middle[0])
