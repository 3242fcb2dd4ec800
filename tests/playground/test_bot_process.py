"""The bot as a process of its own: it can be killed, stopped and started again, and its log is kept."""

from collections.abc import AsyncIterator

import pytest

from playground.app import FarEnds, open_far_ends
from playground.bot_process import BotProcess


@pytest.fixture
async def ends() -> AsyncIterator[FarEnds]:
    async with open_far_ends() as ends:
        yield ends


@pytest.fixture
async def bot(ends: FarEnds) -> AsyncIterator[BotProcess]:
    changed = ends.discord.world.news.changed
    bot = BotProcess(ends.environment(), ends.folder, changed)
    yield bot
    await bot.kill()


async def test_a_bot_that_is_killed_comes_back_when_it_is_started_again(ends: FarEnds, bot: BotProcess) -> None:
    """Each life connects to Discord by itself; what it wrote is there to read, and how it ended."""
    for _ in range(2):
        await bot.start()
        await ends.discord.world.until(lambda: ends.discord.gateway.connected, 30)
        assert bot.is_alive
        await bot.kill()
        assert not bot.is_alive
        await ends.discord.world.until(lambda: not ends.discord.gateway.connected, 10)
    assert any("commands_registered" in line for line in bot.log)
    assert [line for line in bot.log if "has ended" in line] == ["-- the process has ended: killed"] * 2


async def test_a_bot_that_is_stopped_takes_its_leave(ends: FarEnds, bot: BotProcess) -> None:
    """SIGTERM lets it end by itself, with exit code 0."""
    await bot.start()
    await ends.discord.world.until(lambda: ends.discord.gateway.connected, 30)
    await bot.stop()
    assert bot.log[-1] == "-- the process has ended: exit code 0"


async def test_starting_twice_makes_one_process(ends: FarEnds, bot: BotProcess) -> None:
    """A second press on Start changes nothing."""
    await bot.start()
    await bot.start()
    await ends.discord.world.until(lambda: ends.discord.gateway.connected, 30)
    assert len(ends.discord.gateway.sessions) == 1
