"""From Apiframe's COMPLETED to the picture in the channel, and the processor time that a picture takes."""

import asyncio
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from benchmarks.candidates import Running, bare_loop, the_bot
from benchmarks.conditions import Conditions, conditions_noted, summary_of
from benchmarks.databases import POSTGRESQL, SQLITE, NewDatabase
from benchmarks.far_ends import FarEnds, far_ends
from benchmarks.report import Row
from standins.apiframe.jobs import Pace

WAYS: Final = ((SQLITE, 2.5), (SQLITE, 0.5), (POSTGRESQL, 2.5))  # with the seconds between two polls
CPU_SECONDS = 0.045
BESIDES_THE_POLL_SECONDS = 0.5
WEBHOOK_SECONDS = 0.5
BETWEEN_ORDERS_SECONDS = 0.4
DRAWING_SECONDS = (2.0, 5.0)
GIVE_UP_SECONDS = 120.0
NUMBER = re.compile(r"number (\d+)")


@dataclass(frozen=True, slots=True)
class Course:
    """How it went with some pictures: the seconds from COMPLETED to posted of each, and processor seconds for one."""

    delays: list[float]
    cpu_seconds: float
    conditions: Conditions


async def measure_posting(new_database: NewDatabase, pictures: int) -> list[Row]:
    """Draw this many pictures at each poll interval, and with webhooks, with both programs."""
    rows: list[Row] = []
    for kind, poll_seconds in WAYS:
        bot, floor = await _courses(new_database, kind, pictures, poll_seconds)
        most, slowest = poll_seconds + BESIDES_THE_POLL_SECONDS, max(bot.delays)
        rows += _rows(f"poll {poll_seconds} s, {kind}", bot, floor, f"max {most:.1f} s", met=slowest <= most)
    bot, floor = await _courses(new_database, SQLITE, pictures, None)
    usual = median(bot.delays)
    return rows + _rows(f"webhooks, {SQLITE}", bot, floor, f"median {WEBHOOK_SECONDS} s", met=usual < WEBHOOK_SECONDS)


async def _courses(
    new_database: NewDatabase, kind: str, pictures: int, poll_seconds: float | None
) -> tuple[Course, Course]:
    """Return the course of the bot and the floor's; None has both told by webhook, and the bot ask as by default."""
    polling: dict[str, object] = {} if poll_seconds is None else {"GENERATION__POLL_SECONDS": poll_seconds}
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        settings = {"DATABASE_URL": new_database(kind, Path(name))} | polling
        async with far_ends() as ends:
            webhooks = poll_seconds is None
            bot = await _course(ends, the_bot(ends, Path(name), webhooks=webhooks, **settings), pictures)
        async with far_ends() as ends:
            floor = await _course(ends, bare_loop(ends, Path(name), poll_seconds), pictures)
    return bot, floor


def _rows(way: str, bot: Course, floor: Course, aim: str, *, met: bool) -> list[Row]:
    conditions = summary_of([bot.conditions])
    processor, bare = (f"{each.cpu_seconds * 1000:.0f} ms" for each in (bot, floor))
    most = f"≤ {CPU_SECONDS * 1000:.0f} ms"
    return [
        Row(f"COMPLETED to posted, {way}: median / max", _summary(bot), _summary(floor), aim, met, conditions),
        Row(f"processor a picture, {way}", processor, bare, most, bot.cpu_seconds <= CPU_SECONDS, conditions),
    ]


async def _course(ends: FarEnds, starting: Running, pictures: int) -> Course:
    """Order pictures that take all sorts of times, so that they are done anywhere between two polls."""
    chance = Random(0)  # noqa: S311  (chance, no secret)
    async with starting as candidate, conditions_noted() as conditions:
        before = candidate.cpu_seconds
        for number in range(pictures):
            ends.apiframe.pace = Pace(queued=0.2, drawing=chance.uniform(*DRAWING_SECONDS))
            await candidate.draw(number)
            await asyncio.sleep(BETWEEN_ORDERS_SECONDS)
        await ends.discord.world.until(lambda: len(posted(ends)) == pictures, GIVE_UP_SECONDS)
        cpu_seconds = (candidate.cpu_seconds - before) / pictures
    finished, shown = completed(ends), posted(ends)
    return Course([shown[number] - finished[number] for number in finished], cpu_seconds, conditions)


def completed(ends: FarEnds) -> Mapping[int, float]:
    """Return when each picture, by its number, was finished."""
    return {_number(job.order.prompt): job.finished_at or 0.0 for job in ends.apiframe.jobs.values()}


def posted(ends: FarEnds) -> Mapping[int, float]:
    """Return when each picture, by its number, was first to be seen in a channel."""
    messages = (message for channel in ends.channels for message in channel.messages.values())
    return {
        _number(message.text): next(revision.at for revision in message.history if revision.draft.attachments)
        for message in messages
        if message.attachments
    }


def _number(text: str) -> int:
    found = NUMBER.search(text)
    assert found is not None
    return int(found[1])


def _summary(course: Course) -> str:
    return f"{median(course.delays):.2f} / {max(course.delays):.2f} s"
