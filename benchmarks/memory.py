"""The memory at the worst moment: many large pictures finished at the same time."""

import asyncio
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.candidates import Running, bare_loop, the_bot
from benchmarks.far_ends import FarEnds, far_ends
from benchmarks.report import Row, megabytes
from standins.apiframe.jobs import Pace, Status

PICTURE_MEGABYTES = 8.0
MORE_BYTES = 150e6
DRAWING = Pace(queued=0.0, drawing=3600.0)  # until the clock is wound: all are done in the same moment
POLL_SECONDS = 2.5
SAMPLE_EVERY_SECONDS = 0.02
GIVE_UP_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class Rush:
    """By how many bytes a program grew over its idle size at most, and how many pictures it posted."""

    more_bytes: float
    posted: int


async def measure_memory(pictures: int) -> Row:
    """Finish this many large pictures at once, and compare the peak memory with the memory before."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        async with far_ends(PICTURE_MEGABYTES) as ends:
            bot = await _rush(ends, the_bot(ends, Path(name), GENERATION__CONCURRENCY=pictures), pictures)
        async with far_ends(PICTURE_MEGABYTES) as ends:
            floor = await _rush(ends, bare_loop(ends, Path(name), POLL_SECONDS), pictures)
    return Row(
        f"{pictures} pictures of {PICTURE_MEGABYTES:.0f} MB in flight: resident, posted",
        _summary(bot),
        _summary(floor),
        f"under +{megabytes(MORE_BYTES)}, all",
        bot.more_bytes < MORE_BYTES and bot.posted == pictures,
    )


async def _rush(ends: FarEnds, starting: Running, pictures: int) -> Rush:
    """Order the pictures, let all be finished at once, and watch until they are posted."""
    ends.apiframe.pace = DRAWING
    async with starting as candidate:
        await asyncio.sleep(1.0)
        idle, peak = candidate.resident_bytes, 0
        for number in range(pictures):
            await candidate.draw(number)
        await ends.apiframe.until(lambda: _being_drawn(ends) == pictures, GIVE_UP_SECONDS)
        ends.apiframe.clock.wind(DRAWING.drawing)
        with suppress(TimeoutError):
            async with asyncio.timeout(GIVE_UP_SECONDS):
                while _posted(ends) < pictures:
                    peak = max(peak, candidate.resident_bytes)
                    await asyncio.sleep(SAMPLE_EVERY_SECONDS)
        return Rush(peak - idle, _posted(ends))


def _being_drawn(ends: FarEnds) -> int:
    return sum(job.status is Status.PROCESSING for job in ends.apiframe.jobs.values())


def _posted(ends: FarEnds) -> int:
    messages = (message for channel in ends.channels for message in channel.messages.values())
    return sum(bool(message.attachments) for message in messages)


def _summary(rush: Rush) -> str:
    return f"+{megabytes(rush.more_bytes)}, {rush.posted}"
