"""The operator whose container restarts for ever: Discord never resets the token for it."""

import pytest

from bot.gateway.start_limit import StartLimit
from tests.promises import DiscordFault
from tests.stage import Stage

DAY = 24 * 3600.0


@pytest.mark.promise(DiscordFault.IDENTIFY_LIMIT)
@pytest.mark.parametrize(
    ("remaining", "shards", "seconds"),
    [(1000, 1, DAY / 999), (1000, 16, DAY * 16 / 984), (2, 1, DAY), (1, 1, DAY), (20, 16, DAY), (0, 1, DAY)],
)
def test_restarts_never_use_up_what_is_left(remaining: int, shards: int, seconds: float) -> None:
    """However few are left, a failing start waits for its share of the time until all are available again."""
    assert StartLimit(remaining, DAY).pause_after_start(shards) == pytest.approx(seconds)


@pytest.mark.promise(DiscordFault.IDENTIFY_LIMIT)
async def test_with_too_few_identifies_left_the_bot_waits_until_there_are_enough(stage: Stage) -> None:
    """It does not identify before Discord has said that it may, and draws afterwards."""
    stage.discord.gateway.identifies.leave(0, reset_seconds=3)
    async with stage.running():
        await stage.picture(await stage.imagine())
    assert stage.discord.gateway.identifies.left == 999
