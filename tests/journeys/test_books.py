"""The operator compares the ledger with Apiframe's bill, and a moderator counts pictures."""

import asyncio
import sqlite3
from random import Random

import pytest

from bot.limits.policy import Limit, Scope
from bot.picture.usage_figures import UsageFilter
from bot.runner import BotRunner
from standins.apiframe.faults import Fault, Kind
from standins.apiframe.jobs import Pace
from standins.discord.model.interactions import Interaction
from tests.journeys.answers import private_answer
from tests.stage import QUICK, Stage, is_private

IMAGES_PER_DAY = 5
REQUESTS, AT_ONCE = 50, 10  # Discord gives each of them three seconds
DIE = "🎲"
SLOW = Pace(queued=0, drawing=60)  # done when a test winds the clock

# The possible outcomes of a picture, with their different charges; None is a picture that arrives.
OUTCOMES = (
    None,
    Fault(Kind.POLICY),
    Fault(Kind.MODEL_FAILURE),
    Fault(Kind.OUT_OF_CREDITS),
    Fault(Kind.EXPIRED),
    Fault(Kind.NO_IMAGES),
    Fault(Kind.LOST_ANSWER, route="generate"),
    Fault(Kind.BARE_RESULT),
)
SIZES = ("0.5", "1", "2", "4")
PLENTY = {"member": {"images_per_hour": 500, "images_per_day": 500, "concurrent": 100}}


async def test_fifty_hasty_requests_get_five_pictures_and_forty_five_reasons(stage: Stage) -> None:
    """However fast a member types, five pictures are ordered, and each other request is answered privately."""
    async with stage.running() as bot:
        await server_allows(bot, stage, IMAGES_PER_DAY)
        asked: list[Interaction] = []
        for turn in range(REQUESTS // AT_ONCE):
            prompts = (f"boat {turn} {number}" for number in range(AT_ONCE))
            asked += await asyncio.gather(*map(stage.imagine, prompts))
        refused = [each for each in asked if each.original is None or is_private(each.original)]
        answers = await asyncio.gather(*(private_answer(stage, each) for each in refused))
        pictures = await stage.show_pictures(IMAGES_PER_DAY)
        report = await bot.services.moderation.report(f"guild:{stage.guild.id}", 1, UsageFilter())
    assert len(answers) == REQUESTS - IMAGES_PER_DAY
    assert all("5 of 5 used" in each.text and "<t:" in each.text for each in answers)
    assert len(stage.orders()) == len(pictures) == IMAGES_PER_DAY
    [line] = report.activity.lines
    assert (line.pictures, line.refusals) == (IMAGES_PER_DAY, REQUESTS - IMAGES_PER_DAY)


@pytest.mark.parametrize("seed", range(4))
async def test_the_books_say_what_apiframe_charged(stage: Stage, seed: int) -> None:
    """For all outcomes of pictures, and with restarts while some are drawn, not a credit is missing."""
    chance = Random(seed)
    async with stage.running(limits=PLENTY):
        for _ in range(8):
            await ask(stage, chance)
            await stage.settled()
        await reroll(stage)
        stage.apiframe.pace = SLOW
        for _ in range(3):
            await ask(stage, chance)
        await stage.discord.world.until(lambda: not stage.apiframe.faults.armed)
    stage.clock.wind(SLOW.drawing)
    stage.apiframe.pace = QUICK
    async with stage.running(limits=PLENTY) as bot:
        await stage.settled()
        await ask(stage, chance)
        await stage.settled()
        report = await bot.services.moderation.report(f"guild:{stage.guild.id}", 30, UsageFilter())
    assert written(stage) == stage.apiframe.charged > 0
    assert sum(line.credits for line in report.activity.lines) == stage.apiframe.charged


async def ask(stage: Stage, chance: Random) -> None:
    """Request a picture of some size, with or without a fault."""
    outcome = chance.choice(OUTCOMES)
    if outcome is not None:
        stage.apiframe.faults.arm(Fault(outcome.kind, route=outcome.route))
    before = len(stage.orders())
    await stage.imagine(resolution=chance.choice(SIZES))
    await stage.discord.world.until(lambda: len(stage.orders()) > before or not stage.apiframe.faults.armed)


async def reroll(stage: Stage) -> None:
    """Reroll a finished picture, if there is one."""
    pictures, before = stage.pictures(), len(stage.orders())
    if pictures:
        await stage.alice.reacts(pictures[0], DIE)
        await stage.apiframe.until(lambda: len(stage.orders()) > before)
        await stage.settled()


async def server_allows(bot: BotRunner, stage: Stage, images_per_day: int) -> None:
    """Allow each member of the server this many pictures a day."""
    await bot.services.moderation.change(
        f"guild:{stage.guild.id}",
        stage.alice.user.id,
        "/limits everyone",
        lambda rules: rules.with_limits(Scope.EVERYONE, 0, {Limit.IMAGES_PER_DAY: images_per_day}),
    )


def written(stage: Stage) -> int:
    """Return the sum over the ledger."""
    database = sqlite3.connect(stage.folder / "imagine.db")
    try:
        return int(database.execute("SELECT sum(credits) FROM generations").fetchone()[0] or 0)
    finally:
        database.close()
