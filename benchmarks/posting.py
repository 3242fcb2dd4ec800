"""From Apiframe's COMPLETED to the picture in the channel, and the processor time that a picture takes."""

import asyncio
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from benchmarks.bench import POLL_SECONDS, Bench
from benchmarks.candidates import Running, bare_loop, the_bot
from benchmarks.conditions import conditions_noted
from benchmarks.databases import POSTGRESQL, SQLITE
from benchmarks.experiment import FLOOR, Aim, Experiment, Line, Measured, Unit
from benchmarks.far_ends import FarEnds
from standins.apiframe.jobs import Pace
from standins.discord.model.messages import Message

A_SECOND: Final = 2.5
WEBHOOKS: Final = f"{SQLITE}, webhooks"
MAX_SECONDS: Final = POLL_SECONDS + 0.5
WEBHOOK_SECONDS: Final = 0.5
CPU_SECONDS, USUAL_CPU_SECONDS = 0.045, 0.0068
GIVE_UP_SECONDS: Final = 120.0
NUMBER: Final = re.compile(r"number (\d+)")


def posting(bench: Bench) -> list[Experiment]:
    """Return the experiment that makes pictures at a steady pace, with polling and with webhooks."""
    programs = (FLOOR, SQLITE, POSTGRESQL, WEBHOOKS)
    lines = [line for program in (SQLITE, POSTGRESQL) for line in _lines(program, "max", MAX_SECONDS, beside=FLOOR)]
    lines += _lines(WEBHOOKS, "median", WEBHOOK_SECONDS, beside="")
    return [
        Experiment(
            f"pictures at {A_SECOND}/s", {program: partial(_measured, bench, program) for program in programs}, lines
        )
    ]


def _lines(program: str, judged: str, most: float, beside: str) -> list[Line]:
    what = f"COMPLETED to posted, {program}: median / max"
    cpu = Aim(most=CPU_SECONDS)
    return [
        Line(what, program, ("median", "max"), Unit.SECONDS, judged, Aim(most=most), beside, usual=POLL_SECONDS),
        Line(
            f"processor a picture at {A_SECOND}/s, {program}",
            program,
            ["processor"],
            Unit.MILLISECONDS,
            aim=cpu,
            usual=USUAL_CPU_SECONDS,
        ),
    ]


async def _measured(bench: Bench, program: str) -> Measured:
    async with bench.place() as (ends, folder):
        starting = _starting(bench, program, ends, folder)
        return await _course(ends, starting, bench.either(20, 3), bench.either((2.0, 5.0), (0.2, 0.5)))


def _starting(bench: Bench, program: str, ends: FarEnds, folder: Path) -> Running:
    if program == FLOOR:
        return bare_loop(ends, folder, bench.poll_seconds)
    if program == WEBHOOKS:  # beside which the bot polls as it does by default
        return the_bot(ends, folder, {"DATABASE_URL": bench.url(program, folder)}, webhooks=True)
    return bench.starting(program, ends, folder)


async def _course(ends: FarEnds, starting: Running, pictures: int, drawing: tuple[float, float]) -> Measured:
    """Order pictures that take all sorts of times, so that they are done anywhere between two polls."""
    chance = Random(0)  # noqa: S311  (chance, no secret)
    async with starting as candidate, conditions_noted() as conditions:
        before = candidate.cpu_seconds
        for number in range(pictures):
            ends.apiframe.pace = Pace(queued=0.2, drawing=chance.uniform(*drawing))
            await candidate.draw(number)
            await asyncio.sleep(1 / A_SECOND)
        await ends.discord.world.until(lambda: len(pictured(ends)) == pictures, GIVE_UP_SECONDS)
        cpu_seconds = (candidate.cpu_seconds - before) / pictures
    delays = delays_of(ends)
    return Measured({"median": median(delays), "max": max(delays), "processor": cpu_seconds}, conditions)


def delays_of(ends: FarEnds) -> list[float]:
    """Return the seconds from COMPLETED to the picture in the channel, of each picture."""
    shown = {_number(message.text): posted_at(message) for message in pictured(ends)}
    return [shown[number] - at for number, at in _completed(ends).items()]


def pictured(ends: FarEnds) -> list[Message]:
    """Return the messages that show a picture."""
    return [message for channel in ends.channels for message in channel.messages.values() if message.attachments]


def posted_at(message: Message) -> float:
    """Return when a message first showed its picture."""
    return next(revision.at for revision in message.history if revision.draft.attachments)


def _completed(ends: FarEnds) -> Mapping[int, float]:
    """Return when each picture, by its number, was finished."""
    return {_number(job.order.prompt): job.finished_at or 0.0 for job in ends.apiframe.jobs.values()}


def _number(text: str) -> int:
    found = NUMBER.search(text)
    assert found is not None
    return int(found[1])
