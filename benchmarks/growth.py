"""The memory after thousands of pictures, and what grows: `python -m benchmarks.growth` names the lines that keep it.

Apiframe finishes each picture at once and says so by webhook. The pictures are small, since what the bot keeps of one
doesn't depend on its size. The rows are measured without tracing, which takes memory itself.
"""

import argparse
import asyncio
import gc
import signal
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

from benchmarks.bench import Bench
from benchmarks.candidates import HERE, IMAGINE_BOT, Running, the_bot
from benchmarks.conditions import conditions_noted
from benchmarks.databases import SQLITE, databases
from benchmarks.experiment import Experiment, Line, Measured, Unit, console, rows_of
from benchmarks.far_ends import FarEnds
from benchmarks.report import Row, megabytes
from standins.apiframe.jobs import Pace
from standins.discord.model.interactions import Interaction

STEPS: Final = (200, 1_000, 3_000, 10_000)
QUICK_STEPS: Final = (10, 20)
PICTURE_MEGABYTES: Final = 0.01
AT_ONCE: Final = 20
SETTLED_SECONDS: Final = 3.0
GIVE_UP_SECONDS: Final = 600.0  # for a batch; with tracing, a busy machine needs minutes
TRACED: Final = str(HERE / "traced_bot.py")
SHOWN_LINES: Final = 25


async def measure_growth(bench: Bench) -> list[Row]:
    """Make pictures up to each step with one process, and return the memory at all of them."""
    steps = bench.either(STEPS, QUICK_STEPS)
    names = [f"{step:,}" for step in steps]
    between = [f"{earlier} to {later}" for earlier, later in pairwise(names)]
    lines = [
        Line(f"resident after {' / '.join(names)} pictures", SQLITE, names, Unit.MEGABYTES),
        Line(f"more for each 1,000 pictures, {' / '.join(between)}", SQLITE, between, Unit.MEGABYTES),
    ]
    return await rows_of(Experiment("growth", {SQLITE: partial(_measured, bench, steps)}, lines), repetitions=1)


async def _measured(bench: Bench, steps: Sequence[int]) -> Measured:
    figures: dict[str, float] = {}
    made, before = 0, 0.0
    async with (
        bench.place(PICTURE_MEGABYTES) as (ends, folder),
        _bot(bench, ends, folder, IMAGINE_BOT) as candidate,
        conditions_noted() as conditions,
    ):
        async for step in _steps(ends, steps):
            resident = float(candidate.resident_bytes)
            figures[f"{step:,}"] = resident
            if made:
                figures[f"{made:,} to {step:,}"] = (resident - before) / (step - made) * 1000
            made, before = step, resident
    return Measured(figures, conditions)


def _bot(bench: Bench, ends: FarEnds, folder: Path, program: Sequence[str]) -> Running:
    settings = {"DATABASE_URL": bench.url(SQLITE, folder), "GENERATION__CONCURRENCY": AT_ONCE}
    return the_bot(ends, folder, settings, webhooks=True, program=program)


async def _steps(ends: FarEnds, steps: Sequence[int]) -> AsyncIterator[int]:
    """Make pictures, and yield at each of these counts, once the bot rests."""
    ends.apiframe.pace = Pace(queued=0.0, drawing=0.0)
    made = 0
    for step in steps:
        while made < step:
            numbers = range(made, min(made + AT_ONCE, step))
            asked = [await ends.imagine(number) for number in numbers]
            await asyncio.gather(*(one.answered() for one in asked), return_exceptions=True)
            answered = [one for one in asked if one.callback]  # a busy machine or tracing can take over three seconds
            if not answered:
                raise TimeoutError("The bot answers no request any more.")
            await ends.discord.world.until(partial(_all_shown, answered), GIVE_UP_SECONDS)
            made += len(answered)
        gc.collect()  # of the stand-ins, which otherwise collect nothing
        await asyncio.sleep(SETTLED_SECONDS)
        yield step


def _all_shown(asked: Sequence[Interaction]) -> bool:
    return all(one.original and one.original.attachments for one in asked)


async def _traced(bench: Bench, first: int, last: int) -> None:
    """Print the lines that allocated, from one number of pictures to another, what the bot then keeps."""
    async with bench.place(PICTURE_MEGABYTES) as (ends, folder), _bot(bench, ends, folder, [TRACED]) as candidate:
        async for made in _steps(ends, (first, last)):
            console.log(f"{made:,} pictures: {megabytes(candidate.resident_bytes)}")
            candidate.processes[0].send_signal(signal.SIGUSR1)
        snapshot = await _snapshot(folder / "memory.snapshot")
    kept = snapshot.statistics("traceback")
    console.print(f"kept of {first:,} to {last:,} pictures: {sum(each.size for each in kept):,} bytes")
    for each in kept[:SHOWN_LINES]:
        console.print(
            f"{each.size:,} bytes, {each.count:,} blocks",
            *each.traceback.format(),
            sep="\n  ",
            markup=False,
            soft_wrap=True,
        )


async def _snapshot(file: Path) -> tracemalloc.Snapshot:
    """Wait for the file that the bot writes, and read it."""
    async with asyncio.timeout(GIVE_UP_SECONDS):
        while not file.exists():  # noqa: ASYNC110, ASYNC240  (another process writes it)
            await asyncio.sleep(0.1)
    snapshot = await asyncio.to_thread(tracemalloc.Snapshot.load, str(file))
    return snapshot.filter_traces([tracemalloc.Filter(inclusive=False, filename_pattern=tracemalloc.__file__)])


def main() -> None:
    """Trace the bot's memory between two numbers of pictures."""
    parser = argparse.ArgumentParser(prog="benchmarks.growth", description="Show which lines keep memory.")
    parser.add_argument("first", nargs="?", type=int, default=200, help="trace after these pictures")
    parser.add_argument("last", nargs="?", type=int, default=1_000, help="make this many pictures")
    arguments = parser.parse_args()
    with databases() as new_database:
        asyncio.run(_traced(Bench(new_database), arguments.first, arguments.last))


if __name__ == "__main__":
    main()
