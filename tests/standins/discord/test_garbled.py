"""Garbled responses look like those of proxies and half-broken servers."""

import aiohttp
import pytest

from standins.discord import DiscordStandIn
from standins.discord.client.person import Person
from standins.discord.faults import Wrong
from standins.discord.garbled import Garbled
from standins.discord.model.channels import Channel

CASES: dict[str, tuple[Wrong, int, str, str]] = {
    "empty": ({"garbled": Garbled.EMPTY}, 200, "application/json", ""),
    "cut": ({"garbled": Garbled.CUT}, 200, "application/json", '{"id": '),
    "a web page": ({"garbled": Garbled.HTML}, 200, "text/html; charset=utf-8", "<!DOCTYPE html>"),
    "another content type": ({"garbled": Garbled.OTHER_TYPE}, 200, "application/json; charset=utf-8", '{"id": '),
    "other JSON": ({"garbled": Garbled.OTHER_JSON}, 200, "application/json", "{}"),
    "a refusal, cut": ({"status": 503, "garbled": Garbled.CUT}, 503, "application/json", '{"message": '),
    "a rush of unknown length": (
        {"status": 429, "retry_after": None},
        429,
        "application/json",
        '{"message": "You are being rate limited.", "code": 0, "global": false}',
    ),
}


@pytest.mark.parametrize(("wrong", "status", "content_type", "begins"), CASES.values(), ids=CASES)
async def test_an_answer_is_garbled_on_its_way(
    standin: DiscordStandIn, channel: Channel, wrong: Wrong, status: int, content_type: str, begins: str
) -> None:
    """Once, with its status and under its content type; a rush comes with the header of Discord's own proxies."""
    standin.faults.next("POST", "/channels/*", **wrong)
    headers = {"Authorization": f"Bot {standin.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        address = f"{standin.api_url}/channels/{channel.id}/messages"
        async with session.post(address, json={"content": "hi"}) as answer:
            assert (answer.status, answer.headers["Content-Type"]) == (status, content_type)
            assert (await answer.text()).startswith(begins)
            assert ("Via" in answer.headers) is (status == 429)
        async with session.post(address, json={"content": "hi"}) as answer:
            assert (await answer.json())["content"] == "hi"
    assert len(channel.messages) == (2 if status == 200 else 1)


async def test_an_interaction_may_name_its_channel_by_id_alone(
    standin: DiscordStandIn, channel: Channel, alice: Person
) -> None:
    """`channel` is optional in Discord's structure."""
    standin.world.commands.register({"name": "imagine", "description": "Draw"}, None)
    asked = await alice.types("/imagine", channel)
    assert asked.payload()["channel"]["id"] == asked.payload()["channel_id"]
    standin.world.platform.names_channels_by_id_alone = True
    assert "channel" not in asked.payload()
    assert asked.payload()["channel_id"] == str(channel.id)
