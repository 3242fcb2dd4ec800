"""A bot in each library obeys the stand-in's rate limits, and tries again where Discord fails."""

import time

import pytest

from standins.discord import DiscordStandIn
from standins.discord.client.person import Person
from standins.exchange import Exchange
from tests.foreign.waiting import shown

pytestmark = pytest.mark.usefixtures("foreign_bot")
MESSAGES = "/channels/{channel_id}/messages"


@pytest.fixture
def posts(standin: DiscordStandIn) -> list[tuple[int, float]]:
    """Return a list that gets the status and the second of each message that the bot posts."""
    seen: list[tuple[int, float]] = []

    def note(exchange: Exchange) -> None:
        if exchange.method == "POST" and exchange.path.endswith("/messages"):
            seen.append((exchange.status, time.monotonic()))

    standin.observers.append(note)
    return seen


async def test_a_429_is_obeyed(standin: DiscordStandIn, alice: Person, posts: list[tuple[int, float]]) -> None:
    """The bot waits as long as the response says, and then sends the message again."""
    standin.faults.next("POST", "/channels/*/messages", status=429, retry_after=0.7)
    direct = alice.opens_direct_messages()
    await alice.sends(direct, "hello")
    await shown(direct, alice, "echo: hello")
    (first, asked), (second, sent) = posts
    assert (first, second) == (429, 200)
    assert sent - asked >= 0.7


async def test_a_bucket_is_respected(standin: DiscordStandIn, alice: Person, posts: list[tuple[int, float]]) -> None:
    """The bot reads how many requests are left, and sends no more than that."""
    standin.limits.set("POST", MESSAGES, 2, 1.0)
    direct = alice.opens_direct_messages()
    for number in range(5):
        await alice.sends(direct, str(number))
    for number in range(5):
        await shown(direct, alice, f"echo: {number}")
    assert [status for status, _ in posts] == [200] * 5
    assert posts[-1][1] - posts[0][1] >= 1.9


async def test_a_502_is_tried_again(standin: DiscordStandIn, alice: Person, posts: list[tuple[int, float]]) -> None:
    """The message arrives once Discord works again."""
    standin.faults.next("POST", "/channels/*/messages", status=502)
    direct = alice.opens_direct_messages()
    await alice.sends(direct, "hello")
    await shown(direct, alice, "echo: hello")
    assert [status for status, _ in posts] == [502, 200]
