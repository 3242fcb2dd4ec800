"""Many members who ask without an interaction in one channel at once: Discord's limit on edits is for pictures."""

import asyncio
import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from standins.apiframe.jobs import Pace
from standins.exchange import Exchange
from tests.promises import DiscordFault
from tests.stage import GENERATION, Stage

UNHURRIED = {**GENERATION, "poll_seconds": 1.0}  # many are asked for at a time, and Apiframe counts requests
SLOW = Pace(queued=0, drawing=120)  # done when a test winds the clock


async def asked(stage: Stage, count: int) -> None:
    """Make this many members mention the bot, and return when all have a card and their pictures are being drawn."""
    for number in range(count):
        member = stage.joins(f"member {number}")
        await member.sends(stage.channel, f"<@{stage.discord.application_id}> a boat, number {number}")
    await stage.apiframe.until(lambda: len(stage.jobs()) == count, 60)


def edits_noted(stage: Stage) -> list[tuple[float, bool]]:
    """Return a list that fills with the moments of edits that Discord accepted, and whether each showed a picture."""
    noted: list[tuple[float, bool]] = []
    messages = f"/channels/{stage.channel.id}/messages/"

    def note(exchange: Exchange) -> None:
        accepted = exchange.status == 200  # the first ones may meet the limit, which nobody knows before
        if accepted and exchange.method == "PATCH" and exchange.path.startswith(messages):
            noted.append((time.monotonic(), bool(exchange.request_files)))

    stage.discord.observers.append(note)
    return noted


@pytest.mark.promise(DiscordFault.EDIT_RATE_LIMIT)
async def test_progress_of_a_crowd_leaves_room_for_its_pictures(stage: Stage) -> None:
    """All cards of a channel together use less than Discord's limit, and none is left out."""
    stage.apiframe.pace = SLOW
    noted = edits_noted(stage)
    async with stage.running(generation=UNHURRIED):
        await asked(stage, 4)
        cards = [each for each in stage.channel.messages.values() if each.author.bot]
        await until(lambda: all(len(card.history) > 1 for card in cards))
        moments = [moment for moment, _ in noted]
        assert len(cards) == 4
        assert all(later - earlier > 1.5 for earlier, later in pairwise(moments)), moments


@pytest.mark.promise(DiscordFault.EDIT_RATE_LIMIT)
@pytest.mark.slow
async def test_pictures_that_are_ready_go_before_progress(stage: Stage) -> None:
    """While pictures wait for Discord's rate limit, no card shows progress."""
    stage.apiframe.pace = SLOW
    noted = edits_noted(stage)
    async with stage.running(generation=UNHURRIED):
        await asked(stage, 7)
        stage.clock.wind(SLOW.drawing)
        await until(lambda: sum(is_picture for _, is_picture in noted) == 7)
    first = next(index for index, (_, is_picture) in enumerate(noted) if is_picture)
    assert [is_picture for _, is_picture in noted[first:]].count(False) <= 1  # one that was on its way already


async def until(true: Callable[[], object], within: float = 60.0) -> None:
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110  (an observer rings no bell)
            await asyncio.sleep(0.05)
