"""The member whose answer is under way as the bot leaves Discord."""

import asyncio

import aiohttp
import pytest

from bot.gateway.client import ImagineBot
from bot.i18n.languages import Languages
from bot.i18n.speech import Speech
from bot.settings import Settings
from tests.promises import ProcessFault


@pytest.mark.promise(ProcessFault.SIGTERM)
async def test_an_answer_under_way_is_given_before_the_bot_leaves() -> None:
    """It goes over the connections that are closed then."""
    speech = Speech(Languages.load(), lambda _: None)
    bot, may_answer = ImagineBot(Settings(_env_file=None), aiohttp.TraceConfig(), speech), asyncio.Event()
    left_before: list[bool] = []

    async def on_press() -> None:
        await may_answer.wait()
        left_before.append(bot.is_closed())

    async with bot:
        bot.event(on_press)
        bot.dispatch("press")
        await asyncio.sleep(0)
        closing = asyncio.create_task(bot.close())
        await asyncio.sleep(0)
        may_answer.set()
        await closing
    assert left_before == [False]
    assert bot.is_closed()
