"""From Apiframe's COMPLETED to the picture, where many members mention the bot in one channel at the same time.

Discord takes five edits in five seconds in a channel by the bot's own token. Ten pictures that are ready at once need
two windows of it, and a third where progress has used some of the first.
"""

import tempfile
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.candidates import the_bot
from benchmarks.far_ends import FarEnds, far_ends
from benchmarks.posting import GIVE_UP_SECONDS, completed, posted
from benchmarks.report import Row
from standins.apiframe.jobs import Pace

DRAWING_SECONDS = (10.0, 12.0)
POLL_SECONDS, LIMIT_SECONDS, BESIDES_SECONDS = 2.5, 5.0, 0.5


async def measure_crowd(members: int) -> list[Row]:
    """Make this many members mention the bot in one channel, and return how long their pictures waited."""
    chance = Random(0)  # noqa: S311  (chance, no secret)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        async with far_ends() as ends, the_bot(ends, Path(name)):
            for number in range(members):
                ends.apiframe.pace = Pace(queued=0.2, drawing=chance.uniform(*DRAWING_SECONDS))
                await _mention(ends, number)
            await ends.discord.world.until(lambda: len(posted(ends)) == members, GIVE_UP_SECONDS)
            delays = [posted(ends)[number] - at for number, at in completed(ends).items()]
    most = POLL_SECONDS + 2 * LIMIT_SECONDS + BESIDES_SECONDS
    figures = f"{median(delays):.2f} / {max(delays):.2f} s"
    what = f"COMPLETED to posted, {members} mentions in a channel: median / max"
    return [Row(what, figures, "", f"max {most:.1f} s", met=max(delays) <= most)]


async def _mention(ends: FarEnds, number: int) -> None:
    channel = ends.channels[0]
    assert channel.guild is not None
    member = ends.discord.person(channel.guild.add_member(f"member {number}"))
    await member.sends(channel, f"<@{ends.discord.application_id}> a red boat at dawn, number {number}")
