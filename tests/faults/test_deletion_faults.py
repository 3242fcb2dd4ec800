"""The member who has everything deleted while Discord refuses some of it: what can go goes."""

import pytest

from tests.journeys.test_privacy import draws, is_forgotten
from tests.stage import Stage


@pytest.mark.parametrize("status", [400, 403, 503])
async def test_a_message_that_is_gone_does_not_keep_the_others(stage: Stage, status: int) -> None:
    """A moderator took the first one away, and Discord does not open the person's direct messages to look there."""
    async with stage.running():
        pictures = [await draws(stage, stage.alice, prompt) for prompt in ("one", "two", "three")]
        stage.discord.world.delete(pictures[0])
        stage.discord.faults.next("POST", "/users/@me/channels", times=None, status=status)
        await is_forgotten(stage, stage.alice)
        await stage.show_pictures(0)
