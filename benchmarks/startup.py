"""From the start of the process until it serves, and the memory that it then holds."""

import asyncio
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.candidates import Running, bare_bot, the_bot
from benchmarks.far_ends import FarEnds, far_ends
from benchmarks.report import Row, megabytes

READY_SECONDS = 3.0
IDLE_BYTES = 150e6


async def measure_startup(starts: int, idle_seconds: float) -> list[Row]:
    """Start each program on an empty folder, then again; return the median of `starts`."""
    cold, warm, idle, floor, floor_idle = list[float](), list[float](), list[float](), list[float](), list[float]()
    async with far_ends() as ends:
        await _warm_up(ends)
        for _ in range(starts):
            with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
                folder = Path(name)
                cold += [(await _start(the_bot(ends, folder)))[0]]
                seconds, resident = await _start(the_bot(ends, folder), idle_seconds)
                warm, idle = [*warm, seconds], [*idle, resident]
                seconds, resident = await _start(bare_bot(ends, folder), idle_seconds)
                floor, floor_idle = [*floor, seconds], [*floor_idle, resident]
    bare, aim = f"{median(floor):.2f} s", f"{READY_SECONDS:.0f} s"
    return [
        Row("ready, cold database", f"{median(cold):.2f} s", bare, aim, median(cold) <= READY_SECONDS),
        Row("ready, warm database", f"{median(warm):.2f} s", bare, aim, median(warm) <= READY_SECONDS),
        Row(
            "resident, idle",
            megabytes(median(idle)),
            megabytes(median(floor_idle)),
            f"under {megabytes(IDLE_BYTES)}",
            median(idle) < IDLE_BYTES,
        ),
    ]


async def _warm_up(ends: FarEnds) -> None:
    """Start both once, for the bytecode and the disk's cache."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        await _start(the_bot(ends, Path(folder)))
        await _start(bare_bot(ends, Path(folder)))


async def _start(starting: Running, idle_seconds: float = 0.0) -> tuple[float, float]:
    """Return the seconds until the program was ready, and the bytes that it held after having idled."""
    async with starting as candidate:
        await asyncio.sleep(idle_seconds)
        return candidate.ready_seconds, candidate.resident_bytes
