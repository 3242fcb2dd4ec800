"""From the start of the process until it serves, and what it then takes while nobody asks."""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.candidates import Running, bare_bot, the_bot
from benchmarks.conditions import conditions_noted, is_unsteady, summary_of
from benchmarks.far_ends import FarEnds, far_ends
from benchmarks.report import Row, megabytes

COLD_SECONDS, WARM_SECONDS = 3.0, 1.0
IDLE_BYTES = 110e6
IDLE_PROCESSOR = 0.012  # of one core
SETTLED_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Idle:
    """Seconds from the start until ready, and after some idling the memory and the share of one core."""

    ready_seconds: float
    resident_bytes: int
    processor: float


async def measure_startup(starts: int, idle_seconds: float) -> list[Row]:
    """Start each program on an empty folder, then again; return the median of `starts`."""
    cold, warm, floor = list[Idle](), list[Idle](), list[Idle]()
    async with far_ends() as ends, conditions_noted() as conditions:
        await _warm_up(ends)
        for _ in range(starts):
            with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
                folder = Path(name)
                cold += [await _start(the_bot(ends, folder))]
                warm += [await _start(the_bot(ends, folder), idle_seconds)]
                floor += [await _start(bare_bot(ends, folder), idle_seconds)]
    return _rows(cold, warm, floor, summary_of([conditions]))


def _rows(cold: list[Idle], warm: list[Idle], floor: list[Idle], conditions: str) -> list[Row]:
    steady = not is_unsteady([each.ready_seconds for each in floor])

    def ready(what: str, bot: list[Idle], aim: float) -> Row:
        seconds, bare = (median(each.ready_seconds for each in starts) for starts in (bot, floor))
        met = seconds <= aim if steady else None
        return Row(what, f"{seconds:.2f} s", f"{bare:.2f} s", f"≤ {aim:.1f} s", met, conditions)

    resident, bare_resident = (median(each.resident_bytes for each in starts) for starts in (warm, floor))
    processor, bare_processor = (median(each.processor for each in starts) for starts in (warm, floor))
    return [
        ready("ready, cold database", cold, COLD_SECONDS),
        ready("ready, warm database", warm, WARM_SECONDS),
        Row(
            "resident, idle",
            megabytes(resident),
            megabytes(bare_resident),
            f"≤ {megabytes(IDLE_BYTES)}",
            resident <= IDLE_BYTES,
        ),
        Row(
            "processor, idle",
            f"{processor:.1%}",
            f"{bare_processor:.1%}",
            f"≤ {IDLE_PROCESSOR:.1%}",
            processor <= IDLE_PROCESSOR,
        ),
    ]


async def _warm_up(ends: FarEnds) -> None:
    """Start both once, for the bytecode and the disk's cache."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        await _start(the_bot(ends, Path(folder)))
        await _start(bare_bot(ends, Path(folder)))


async def _start(starting: Running, idle_seconds: float = 0.0) -> Idle:
    """Return how the program started, and how it idled after the work that follows a start."""
    async with starting as candidate:
        if not idle_seconds:
            return Idle(candidate.ready_seconds, candidate.resident_bytes, 0.0)
        await asyncio.sleep(SETTLED_SECONDS)
        before = candidate.cpu_seconds
        await asyncio.sleep(idle_seconds)
        processor = (candidate.cpu_seconds - before) / idle_seconds
        return Idle(candidate.ready_seconds, candidate.resident_bytes, processor)
