"""From Apiframe's COMPLETED to the picture in the channel, and the processor time that a picture takes."""

import asyncio
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.candidates import Running, bare_loop, the_bot
from benchmarks.far_ends import FarEnds, far_ends
from benchmarks.report import Row
from standins.apiframe.jobs import Pace

POLL_SECONDS = (2.5, 0.5)
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


async def measure_posting(pictures: int) -> list[Row]:
    """Draw this many pictures at each poll interval, and with webhooks, with both programs."""
    rows: list[Row] = []
    for poll_seconds in POLL_SECONDS:
        bot, floor = await _courses(pictures, poll_seconds)
        most, slowest = poll_seconds + BESIDES_THE_POLL_SECONDS, max(bot.delays)
        rows += _rows(f"poll {poll_seconds} s", bot, floor, f"max {most:.1f} s", met=slowest <= most)
    bot, floor = await _courses(pictures, None)
    usual = median(bot.delays)
    return rows + _rows("webhooks", bot, floor, f"median {WEBHOOK_SECONDS} s", met=usual < WEBHOOK_SECONDS)


async def _courses(pictures: int, poll_seconds: float | None) -> tuple[Course, Course]:
    """Return the course of the bot and the floor's; None has both told by webhook, and the bot ask as by default."""
    polling = {} if poll_seconds is None else {"GENERATION__POLL_SECONDS": poll_seconds}
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        async with far_ends() as ends:
            webhooks = poll_seconds is None
            bot = await _course(ends, the_bot(ends, Path(name), webhooks=webhooks, **polling), pictures)
        async with far_ends() as ends:
            floor = await _course(ends, bare_loop(ends, Path(name), poll_seconds), pictures)
    return bot, floor


def _rows(way: str, bot: Course, floor: Course, aim: str, *, met: bool) -> list[Row]:
    return [
        Row(f"COMPLETED to posted, {way}: median / max", _summary(bot), _summary(floor), aim, met),
        Row(f"processor a picture, {way}", f"{bot.cpu_seconds:.3f} s", f"{floor.cpu_seconds:.3f} s"),
    ]


async def _course(ends: FarEnds, starting: Running, pictures: int) -> Course:
    """Order pictures that take all sorts of times, so that they are done anywhere between two polls."""
    chance = Random(0)  # noqa: S311  (chance, no secret)
    async with starting as candidate:
        before = candidate.cpu_seconds
        for number in range(pictures):
            ends.apiframe.pace = Pace(queued=0.2, drawing=chance.uniform(*DRAWING_SECONDS))
            await candidate.draw(number)
            await asyncio.sleep(BETWEEN_ORDERS_SECONDS)
        await ends.discord.world.until(lambda: len(posted(ends)) == pictures, GIVE_UP_SECONDS)
        cpu_seconds = (candidate.cpu_seconds - before) / pictures
    finished, shown = completed(ends), posted(ends)
    return Course([shown[number] - finished[number] for number in finished], cpu_seconds)


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
