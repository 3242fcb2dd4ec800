"""From the start of the process until it serves, and what it then takes while nobody asks."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from typing import Final

from benchmarks.bench import HAS_ROLES, ROLES, Bench
from benchmarks.candidates import Candidate, the_bot
from benchmarks.conditions import conditions_noted
from benchmarks.databases import SQLITE
from benchmarks.experiment import FLOOR, Aim, Experiment, Line, Measured, Unit

SETTLED_SECONDS: Final = 2.0
USUAL_START, USUAL_BYTES, USUAL_PROCESSOR = 0.46, 45e6, 0.005  # of the floor
GATEWAY: Final = "gateway"


def startup(bench: Bench) -> list[Experiment]:
    """Return the starts of every program: on an empty folder, then again, and then at rest."""
    programs = [FLOOR, SQLITE, *([GATEWAY] if HAS_ROLES else [])]
    gateway = Line(
        "resident, idle gateway", GATEWAY, ["resident"], Unit.MEGABYTES, aim=Aim(most=90e6), usual=USUAL_BYTES
    )
    return [
        Experiment(
            "start and idle",
            {program: partial(_measured, bench, program) for program in programs},
            [
                _line("ready, new database", "cold", Unit.SECONDS, 3.0, USUAL_START),
                _line("ready, warm", "warm", Unit.SECONDS, 1.0, USUAL_START),
                _line("resident, idle", "resident", Unit.MEGABYTES, 110e6, USUAL_BYTES),
                _line("processor, idle", "processor", Unit.PERCENT, 0.012, USUAL_PROCESSOR),
                *([gateway] if HAS_ROLES else []),
            ],
        )
    ]


def _line(what: str, figure: str, unit: Unit, most: float, usual: float) -> Line:
    return Line(f"{what}, {SQLITE}", SQLITE, [figure], unit, aim=Aim(most=most), usual=usual)


async def _measured(bench: Bench, program: str) -> Measured:
    async with bench.place() as (ends, folder), conditions_noted() as conditions, AsyncExitStack() as stack:
        url = bench.url(ROLES if program == GATEWAY else SQLITE, folder)
        settings = {"DATABASE_URL": url}
        if program == GATEWAY:
            await stack.enter_async_context(the_bot(ends, folder, {**settings, "ROLE": "worker"}))
            settings["ROLE"] = "gateway"
        async with bench.starting(program, ends, folder, settings) as candidate:
            cold = candidate.ready_seconds
        async with bench.starting(program, ends, folder, settings) as candidate:
            idle = await _idle(candidate, bench.either(SETTLED_SECONDS, 0.1), bench.either(10.0, 0.5))
            return Measured({"cold": cold, "warm": candidate.ready_seconds} | idle, conditions)


async def _idle(candidate: Candidate, settled_seconds: float, seconds: float) -> dict[str, float]:
    """Return the memory and the share of one core after the work that follows a start."""
    await asyncio.sleep(settled_seconds)
    before = candidate.cpu_seconds
    await asyncio.sleep(seconds)
    processor = (candidate.cpu_seconds - before) / seconds
    return {"resident": float(candidate.resident_bytes), "processor": processor}
