"""Behind the curtain: a visitor kills, stops and cuts off the bot, and watches it recover."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from standins.discord.gateway.gateway import Op
from standins.discord.model.interactions import NotAnsweredError
from tests.playground.web.visit import Visit, open_visit


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    """Open the page, without the bot at first; pictures take no time."""
    async with open_visit() as visit:
        yield visit


async def test_a_bot_that_is_killed_brings_the_picture_once_it_is_started(visit: Visit) -> None:
    """The visitor reads each state in a word, sees the log, and gets the picture that was being drawn."""
    world, alice = visit.ends.discord.world, visit.ends.town.residents["alice"].person
    states = [_state(await visit.words("bot"))]
    await visit.sends("/curtain/bot/start")
    states.append(_state(await visit.words("bot")))
    await visit.until_serving()
    states.append(_state(await visit.words("bot")))
    await visit.sends("/curtain/pace", seconds="600")
    asked = await alice.types("/imagine", visit.ends.town.channels["pictures"], prompt="a red boat")
    await asked.answered()
    await visit.ends.apiframe.until(lambda: visit.ends.apiframe.jobs)
    await visit.sends("/curtain/bot/kill")
    states.append(_state(await visit.words("bot")))
    await visit.sends("/curtain/bot/start")
    visit.ends.apiframe.clock.wind(600)
    await world.until(lambda: asked.original and asked.original.attachments)
    assert states == ["Off", "Starting", "Serving", "Killed"]
    await visit.until_words("bot", r"picture_delivered .*generation [0-9a-f-]{36}")


async def test_a_bot_recovers_from_what_is_done_to_its_connection(visit: Visit) -> None:
    """It resumes after a cut and when it is asked to reconnect, and its picture comes although all tokens died."""
    world, channel = visit.ends.discord.world, visit.ends.town.channels["pictures"]
    await visit.sends("/curtain/bot/start")
    await visit.until_serving()
    for number, act in enumerate(("drop", "reconnect"), start=1):
        await visit.sends(f"/curtain/connection/{act}")
        await visit.until_words("connection", f"started: 1, resumed: {number}.")
    await visit.sends("/curtain/pace", seconds="600")
    asked = await visit.ends.town.residents["alice"].person.types("/imagine", channel, prompt="a red boat")
    await asked.answered()
    await visit.ends.apiframe.until(lambda: visit.ends.apiframe.jobs)
    assert "Valid interaction tokens: 1." in await visit.words("connection")
    await visit.sends("/curtain/connection/tokens")
    assert "Valid interaction tokens: 0." in await visit.words("connection")
    visit.ends.apiframe.clock.wind(600)
    await world.until(lambda: any(message.attachments for message in channel.messages.values()))


async def test_a_bot_that_was_stopped_answers_nobody(visit: Visit) -> None:
    """The page says that it ended on request; a person who types a command sees that nobody responds."""
    await visit.sends("/curtain/bot/start")
    await visit.until_serving()
    assert await visit.sends("/curtain/bot/stop") == 204
    assert _state(await visit.words("bot")) == "Stopped"
    alice = visit.ends.town.residents["alice"].person
    asked = await alice.types("/imagine", visit.ends.town.channels["pictures"], prompt="a red boat")
    visit.ends.discord.world.clock.wind(3)
    with pytest.raises(NotAnsweredError):
        await asked.answered()


async def test_a_restart_is_finished_for_a_visitor_who_goes_elsewhere(visit: Visit) -> None:
    """A visitor who opens another page while the bot ends finds it restarted."""
    gateway = visit.ends.discord.gateway
    await visit.sends("/curtain/bot/start")
    await visit.until_serving()
    restarting = asyncio.create_task(visit.sends("/curtain/bot/restart"))
    await visit.until_words("bot", "Stopping")
    restarting.cancel()
    await visit.ends.discord.world.until(lambda: gateway.connected and gateway.received[Op.IDENTIFY] == 2)
    assert _state(await visit.words("bot")) == "Serving"


def _state(words: str) -> str:
    """Return the word that stands beside the panel's title."""
    return words.removeprefix("The bot ").split()[0]
