"""The time in which an interaction is decided, before Discord gives up on its first answer."""

import asyncio
from types import SimpleNamespace
from typing import Any

from cogs.shared.access import seconds_left

DISCORD_WAITS_SECONDS = 3.0


async def test_the_time_left_is_counted_from_the_first_call() -> None:
    """Finding a picture and checking its member share it, so that together they leave time for the answer."""
    interaction: Any = SimpleNamespace(extras={})
    first = seconds_left(interaction)
    assert 1 < first < DISCORD_WAITS_SECONDS
    await asyncio.sleep(0)
    assert 0 < seconds_left(interaction) < first


async def test_there_is_never_less_than_no_time_left() -> None:
    """A press whose picture was found late is not looked at any longer."""
    interaction: Any = SimpleNamespace(extras={"began": asyncio.get_running_loop().time() - 60})
    assert seconds_left(interaction) == 0
