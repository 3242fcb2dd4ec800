"""The bot as a process of its own: it can be killed, stopped and started again, and its log is kept."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from playground.app import FarEnds, open_far_ends
from playground.bot_process import BotProcess
from tests.promises import ProcessFault


@pytest.fixture
async def ends() -> AsyncIterator[FarEnds]:
    async with open_far_ends() as ends:
        yield ends


@pytest.fixture
async def bot(ends: FarEnds) -> AsyncIterator[BotProcess]:
    changed = ends.discord.world.news.ring
    bot = BotProcess(ends.environment(), ends.folder, changed)
    yield bot
    await bot.kill()


@pytest.mark.promise(ProcessFault.PLAYGROUND_KILL)
async def test_a_bot_that_is_killed_comes_back_when_it_is_started_again(ends: FarEnds, bot: BotProcess) -> None:
    """Each life connects to Discord by itself; what it wrote is there to read, and how it ended."""
    for _ in range(2):
        await bot.start()
        await ends.discord.world.until(lambda: ends.discord.gateway.connected)
        assert bot.is_alive
        await bot.kill()
        assert not bot.is_alive
        await ends.discord.world.until(lambda: not ends.discord.gateway.connected, 10)
    assert any("commands_registered" in line for line in bot.log)
    assert [line for line in bot.log if "has ended" in line] == ["-- the process has ended: killed"] * 2


async def test_a_bot_that_is_stopped_takes_its_leave(ends: FarEnds, bot: BotProcess) -> None:
    """SIGTERM lets it end by itself, with exit code 0."""
    await bot.start()
    await ends.discord.world.until(lambda: ends.discord.gateway.connected)
    await bot.stop()
    assert bot.log[-1] == "-- the process has ended: exit code 0"


async def test_starting_twice_makes_one_process(ends: FarEnds, bot: BotProcess) -> None:
    """A second press on Start changes nothing."""
    await bot.start()
    await bot.start()
    await ends.discord.world.until(lambda: ends.discord.gateway.connected)
    assert len(ends.discord.gateway.sessions) == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux ends a process with its parent.")
async def test_no_bot_is_left_of_a_playground_that_was_killed(tmp_path: Path) -> None:
    """A SIGKILL, which nobody can catch, ends the playground and the bot that it started."""
    command = (sys.executable, "-m", "playground", "--port", "0")
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    playground = await asyncio.create_subprocess_exec(*command, stdout=PIPE, env=environment)
    assert playground.stdout is not None
    await playground.stdout.readuntil(b"Press Ctrl-C to close it")
    [bot] = psutil.Process(playground.pid).children()
    playground.kill()
    await playground.communicate()
    assert await asyncio.to_thread(_has_ended, bot)


def _has_ended(process: psutil.Process) -> bool:
    """Wait until a process is gone, or waits for nothing but to be buried."""
    gone, _ = psutil.wait_procs([process], timeout=10)
    return bool(gone) or process.status() == psutil.STATUS_ZOMBIE
