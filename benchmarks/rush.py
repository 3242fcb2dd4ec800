"""The memory at the worst moment: many large pictures finished at the same time."""

import asyncio
from functools import partial
from typing import Final

from benchmarks.bench import Bench
from benchmarks.candidates import bare_loop
from benchmarks.conditions import conditions_noted
from benchmarks.databases import SQLITE
from benchmarks.experiment import FLOOR, Aim, Experiment, Line, Measured, Unit
from benchmarks.far_ends import FarEnds
from benchmarks.posting import pictured
from standins.apiframe.jobs import Pace, Status

PICTURES: Final = 100
PICTURE_MEGABYTES: Final = 8.0
MORE_BYTES: Final = 150e6
DRAWING: Final = Pace(queued=0.0, drawing=3600.0)  # until the clock is wound: all are done in the same moment
SAMPLE_EVERY_SECONDS: Final = 0.02
GIVE_UP_SECONDS: Final = 240.0


def rush(bench: Bench) -> list[Experiment]:
    """Return the experiment with many pictures at once; a program that doesn't post all of them has failed."""
    what = f"{PICTURES} pictures of {PICTURE_MEGABYTES:.0f} MB at once"
    return [
        Experiment(
            what,
            {program: partial(_measured, bench, program) for program in (FLOOR, SQLITE)},
            [Line(f"{what}: resident above idle", SQLITE, ["more"], Unit.MEGABYTES, aim=Aim(most=MORE_BYTES))],
        )
    ]


async def _measured(bench: Bench, program: str) -> Measured:
    """Order the pictures, let all be finished at once, and watch until they are posted."""
    pictures = bench.either(PICTURES, 5)
    async with bench.place(PICTURE_MEGABYTES) as (ends, folder):
        ends.apiframe.pace = DRAWING
        bot = bench.starting(SQLITE, ends, folder, {"GENERATION__CONCURRENCY": pictures})
        starting = bare_loop(ends, folder, bench.poll_seconds) if program == FLOOR else bot
        async with starting as candidate, conditions_noted() as conditions:
            await asyncio.sleep(1.0)
            idle, peak = candidate.resident_bytes, 0
            for number in range(pictures):
                await candidate.draw(number)
            await ends.apiframe.until(lambda: _being_drawn(ends) == pictures, GIVE_UP_SECONDS)
            ends.apiframe.clock.wind(DRAWING.drawing)
            async with asyncio.timeout(GIVE_UP_SECONDS):
                while len(pictured(ends)) < pictures:
                    peak = max(peak, candidate.resident_bytes)
                    await asyncio.sleep(SAMPLE_EVERY_SECONDS)
    return Measured({"more": float(peak - idle)}, conditions)


def _being_drawn(ends: FarEnds) -> int:
    return sum(job.status is Status.PROCESSING for job in ends.apiframe.jobs.values())
