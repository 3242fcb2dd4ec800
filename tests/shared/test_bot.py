"""Tests that share a bot notice nothing of each other."""

import shutil
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from bot.errors import StartupError
from bot.runner import BotRunner
from standins.apiframe.faults import Fault, Kind
from standins.apiframe.jobs import Pace
from standins.discord.garbled import Garbled
from tests.shared.bot import SharedBot


@pytest.fixture
async def shared(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[SharedBot]:
    """A bot that nobody has used before."""
    folders = (tmp_path / str(number) for number in count())
    shared = SharedBot(lambda: Path(shutil.copytree(sqlite_template, next(folders))))
    yield shared
    await shared.close()


async def bot_of(shared: SharedBot) -> BotRunner:
    """Run the shared bot for a test that does nothing, and return it."""
    async with (await shared.lend()).running() as bot:
        pass
    await shared.take_back(unharmed=True)
    return bot


async def test_the_next_test_finds_the_same_bot_and_nothing_else(shared: SharedBot) -> None:
    """Jobs, settings and faults of a test are gone, and its credits are back."""
    first = await shared.lend()
    async with first.running() as bot:
        await first.picture(await first.imagine())
        first.apiframe.faults.arm(Fault(Kind.POLICY, times=None))
        first.discord.faults.next("POST", "/channels/*", times=None, status=500)
        first.apiframe.account.key_active, first.apiframe.pace = False, Pace(60, 60)
        spent = first.apiframe.charged
    await shared.take_back(unharmed=True)

    second = await shared.lend()
    async with second.running() as same:
        assert same is bot
        assert second.guild is not first.guild
        assert (spent > 0, second.apiframe.charged, second.jobs()) == (True, 0, [])
        await second.picture(await second.imagine())
        assert len(list((second.folder / "images").rglob("*.webp"))) == 1
    await shared.take_back(unharmed=True)


async def test_a_test_that_failed_takes_its_bot_along(shared: SharedBot) -> None:
    """Nobody knows what state it left the bot in, so the next test has another."""
    bot = await bot_of(shared)
    await shared.lend()
    await shared.take_back(unharmed=False)
    assert await bot_of(shared) is not bot


async def test_a_start_that_failed_is_not_the_next_test_s(shared: SharedBot) -> None:
    """A test may expect that; the next one with the same settings gets a bot that starts."""
    first = await shared.lend()
    first.discord.faults.next("GET", "/gateway/bot", times=None, garbled=Garbled.OTHER_JSON)
    with pytest.raises(StartupError):
        async with first.running():
            pass
    await shared.take_back(unharmed=True)
    await bot_of(shared)


async def test_a_test_that_wound_the_clock_takes_its_bot_along(shared: SharedBot) -> None:
    """The next test lives in the present."""
    bot = await bot_of(shared)
    (await shared.lend()).clock.wind(3600)
    await shared.take_back(unharmed=True)
    assert await bot_of(shared) is not bot


async def test_a_test_with_lost_orders_takes_its_bot_along(shared: SharedBot) -> None:
    """The bot would reject the next test's orders, since it believes that Apiframe is down."""
    bot = await bot_of(shared)
    stage = await shared.lend()
    stage.apiframe.faults.arm(Fault(Kind.HTML, route="generate"))
    async with stage.running() as same:
        assert same is bot
        await stage.picture(await stage.imagine())
    await shared.take_back(unharmed=True)
    assert await bot_of(shared) is not bot


async def test_a_picture_that_is_not_done_ends_with_its_test(shared: SharedBot) -> None:
    """It would be posted, and charged, in the middle of the next one."""
    stage = await shared.lend()
    stage.apiframe.pace = Pace(60, 60)
    async with stage.running() as bot:
        await stage.imagine()
    await shared.take_back(unharmed=True)
    assert await bot_of(shared) is not bot


async def test_other_settings_are_another_bot(shared: SharedBot) -> None:
    """A test gets the settings that it asks for."""
    bot = await bot_of(shared)
    async with (await shared.lend()).running(allow_direct_messages=True) as other:
        assert other is not bot
        assert other.bot.settings.allow_direct_messages
    await shared.take_back(unharmed=True)


async def test_a_shared_bot_is_not_restarted_by_a_test(shared: SharedBot) -> None:
    """A test about a restart fails with the advice to use its own bot."""
    stage = await shared.lend()
    async with stage.running():
        pass
    with pytest.raises(AssertionError, match="own_bot"):
        async with stage.running():
            pass
    await shared.take_back(unharmed=False)
