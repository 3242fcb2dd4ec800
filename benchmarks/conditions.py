"""The conditions of a row: how late the loop of the stand-ins was, and how busy the whole machine."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median

import psutil

from benchmarks.report import percentile

LOOK_EVERY_SECONDS = 0.005
UNSTEADY_FACTOR = 2.0  # a floor this many times the usual says more about the machine than about the bot


@dataclass(slots=True)
class Conditions:
    """How late the stand-ins woke up, and which share of the machine's processors was busy, with all programs on it."""

    late_seconds: list[float] = field(default_factory=lambda: [0.0, 0.0])
    busy: float = 0.0


@asynccontextmanager
async def conditions_noted() -> AsyncIterator[Conditions]:
    """Watch this loop and the machine during the block; the figures are there after it."""
    conditions = Conditions()
    watching = asyncio.create_task(_watch(conditions.late_seconds))
    busy_before, all_before = _processor_seconds()
    try:
        yield conditions
    finally:
        watching.cancel()
        busy, whole = _processor_seconds()
        conditions.busy = (busy - busy_before) / max(whole - all_before, 0.01)


def summary_of(conditions: Sequence[Conditions]) -> str:
    """Return the median of each figure, for the table."""
    late = median(percentile(each.late_seconds, 99) for each in conditions)
    return f"{late * 1000:.1f} ms, {median(each.busy for each in conditions):.0%}"


def is_unsteady(floors: Sequence[float], usual: float | None = None) -> bool:
    """Return True if the floor's median is twice the usual, or its best where none is known.

    Then nothing can be said beside it. A floor of 0, such as a processor at rest, is steady.
    """
    figure = median(floors)
    return figure > 0 and figure >= UNSTEADY_FACTOR * (min(floors) if usual is None else usual)


async def _watch(late_seconds: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LOOK_EVERY_SECONDS
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        late_seconds.append(loop.time() - due)


def _processor_seconds() -> tuple[float, float]:
    times = psutil.cpu_times()
    whole = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
    return whole - times.idle - getattr(times, "iowait", 0.0), whole
