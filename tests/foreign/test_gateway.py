"""A bot in each library resumes its connection where it may, and identifies where it must."""

import pytest

from standins.discord import DiscordStandIn
from standins.discord.client.person import Person
from standins.discord.gateway.gateway import Op
from tests.foreign.waiting import shown

pytestmark = pytest.mark.usefixtures("foreign_bot")


async def answers(alice: Person, words: str) -> None:
    """Send the bot a direct message, and wait until it is answered."""
    direct = alice.opens_direct_messages()
    await alice.sends(direct, words)
    await shown(direct, alice, f"echo: {words}")


async def test_a_bot_connects(standin: DiscordStandIn, alice: Person) -> None:
    """It identifies once, and gets what people write."""
    await answers(alice, "hello")
    assert (standin.gateway.received[Op.IDENTIFY], len(standin.gateway.connected)) == (1, 1)


async def test_a_dropped_connection_is_resumed(standin: DiscordStandIn, alice: Person) -> None:
    """A message that is sent during a disconnect is answered."""
    standin.gateway.drop()
    await standin.world.until(lambda: not standin.gateway.connected)
    await answers(alice, "are you there?")
    assert (standin.gateway.received[Op.RESUME], standin.gateway.received[Op.IDENTIFY]) == (1, 1)


async def test_a_bot_asked_to_reconnect_resumes(standin: DiscordStandIn, alice: Person) -> None:
    """After op 7, the bot resumes on another connection."""
    standin.gateway.ask_to_reconnect()
    await standin.world.until(lambda: standin.gateway.received[Op.RESUME] and standin.gateway.connected)
    await answers(alice, "hello")
    assert standin.gateway.received[Op.IDENTIFY] == 1


async def test_close_code_4000_is_resumed(standin: DiscordStandIn, alice: Person) -> None:
    """After an unknown error, the bot resumes, and answers a message that it missed."""
    await standin.gateway.close(4000)
    await answers(alice, "hello")
    assert (standin.gateway.received[Op.RESUME], standin.gateway.received[Op.IDENTIFY]) == (1, 1)


async def test_an_invalid_session_is_replaced(standin: DiscordStandIn, alice: Person) -> None:
    """After op 9, the bot identifies again, and works as before."""
    standin.gateway.invalidate()
    await standin.world.until(lambda: standin.gateway.received[Op.IDENTIFY] == 2 and standin.gateway.connected)
    await answers(alice, "hello")


async def test_a_session_that_was_interrupted_is_resumed(standin: DiscordStandIn, alice: Person) -> None:
    """After op 9 with true, the bot resumes."""
    standin.gateway.invalidate(resumable=True)
    await standin.world.until(lambda: standin.gateway.received[Op.RESUME] and standin.gateway.connected)
    await answers(alice, "hello")
    assert standin.gateway.received[Op.IDENTIFY] == 1
