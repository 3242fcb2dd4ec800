"""How many pictures one process makes in a minute when there is always one more, and the processor time of each."""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.candidates import the_bot
from benchmarks.conditions import conditions_noted, summary_of
from benchmarks.databases import POSTGRESQL, SQLITE, NewDatabase
from benchmarks.far_ends import FarEnds, far_ends
from benchmarks.posting import posted
from benchmarks.report import Row
from standins.apiframe.jobs import Pace

PICTURES_A_MINUTE: Final = {SQLITE: 2000, POSTGRESQL: 1600}
PACE: Final = Pace(queued=0.0, drawing=0.5)
PICTURE_MEGABYTES = 0.1
ASKED_A_SECOND = 60.0
EDGES = 0.2  # of the pictures at both ends, where the rate has not settled
GIVE_UP_SECONDS = 240.0


async def measure_throughput(new_database: NewDatabase, pictures: int) -> list[Row]:
    """Ask for pictures faster than they are made, and count those in the middle."""
    return [await _row(new_database, kind, aim, pictures) for kind, aim in PICTURES_A_MINUTE.items()]


async def _row(new_database: NewDatabase, kind: str, aim: int, pictures: int) -> Row:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        async with far_ends(PICTURE_MEGABYTES) as ends:
            url = new_database(kind, Path(folder))
            bot = the_bot(ends, Path(folder), DATABASE_URL=url, GENERATION__CONCURRENCY=500)
            async with bot as candidate, conditions_noted() as conditions:
                before = candidate.cpu_seconds
                await _ask(ends, pictures)
                await ends.discord.world.until(lambda: len(posted(ends)) == pictures, GIVE_UP_SECONDS)
                cpu_seconds = (candidate.cpu_seconds - before) / pictures
            made = _a_minute(sorted(posted(ends).values()))
    figures = f"{made:,.0f}, {cpu_seconds * 1000:.0f} ms"
    what = f"pictures a minute, {kind}; processor each"
    return Row(what, figures, "", f"≥ {aim:,}", made >= aim, summary_of([conditions]))


async def _ask(ends: FarEnds, pictures: int) -> None:
    ends.apiframe.pace = PACE
    for number in range(pictures):
        await ends.imagine(number)
        await asyncio.sleep(1 / ASKED_A_SECOND)


def _a_minute(moments: list[float]) -> float:
    """Return the rate at which pictures were posted, without the first and the last of them."""
    skipped = int(len(moments) * EDGES)
    middle = moments[skipped : len(moments) - skipped]
    return 60 * (len(middle) - 1) / (middle[-1] - middle[0])
