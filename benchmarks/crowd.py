"""Many members who mention the bot in one channel at the same time: how late their pictures are, and their progress.

Discord takes five edits in five seconds in a channel by the bot's own token, and so does the stand-in. Ten pictures
that are ready at once need two windows of it, and a third where progress has used some of the first.
"""

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from statistics import median
from typing import Final

from benchmarks.bench import POLL_SECONDS, Bench
from benchmarks.conditions import conditions_noted
from benchmarks.databases import SQLITE
from benchmarks.experiment import Aim, Experiment, Line, Measured, Unit
from benchmarks.far_ends import FarEnds
from benchmarks.posting import GIVE_UP_SECONDS, delays_of, pictured, posted_at
from standins.apiframe.jobs import Pace
from standins.discord.model.messages import Message

MEMBERS: Final = 10
LIMIT_SECONDS, BESIDES_SECONDS = 5.0, 0.5
WINDOWS: Final = 2  # of the limit, after which the last of the pictures has to be there


def crowd(bench: Bench) -> list[Experiment]:
    """Return the experiment with members in one channel."""
    most = POLL_SECONDS + WINDOWS * LIMIT_SECONDS + BESIDES_SECONDS
    what = f"{MEMBERS} mentions in a channel"

    async def measured() -> Measured:
        drawing = bench.either((16.0, 18.0), (1.0, 1.2))
        async with (
            bench.place() as (ends, folder),
            bench.starting(SQLITE, ends, folder),
            conditions_noted() as conditions,
        ):
            await _mention(ends, bench.either(MEMBERS, 2), drawing)
        delays, gaps = delays_of(ends), gaps_of(pictured(ends))
        figures = {"median": median(delays), "max": max(delays), "gap": median(gaps), "longest": max(gaps)}
        return Measured(figures, conditions)

    return [
        Experiment(
            what,
            {SQLITE: measured},
            [
                Line(
                    f"{what}, COMPLETED to posted: median / max",
                    SQLITE,
                    ("median", "max"),
                    Unit.SECONDS,
                    "max",
                    Aim(most=most),
                ),
                Line(f"{what}, between two updates: median / max", SQLITE, ("gap", "longest"), Unit.SECONDS),
            ],
        )
    ]


async def _mention(ends: FarEnds, members: int, drawing: tuple[float, float]) -> None:
    """Make new members mention the bot in one channel, and wait for their pictures."""
    chance = Random(0)  # noqa: S311  (chance, no secret)
    channel = ends.channels[0]
    assert channel.guild is not None
    for number in range(members):
        ends.apiframe.pace = Pace(queued=0.2, drawing=chance.uniform(*drawing))
        member = ends.discord.person(channel.guild.add_member(f"member {number}"))
        await member.sends(channel, f"<@{ends.discord.application_id}> a red boat at dawn, number {number}")
    await ends.discord.world.until(lambda: len(pictured(ends)) == members, GIVE_UP_SECONDS)


def gaps_of(messages: Sequence[Message]) -> list[float]:
    """Return the seconds for which a card showed the same, until its picture."""
    return [
        later.at - earlier.at
        for message in messages
        for earlier, later in pairwise(message.history)
        if later.at <= posted_at(message)
    ]
