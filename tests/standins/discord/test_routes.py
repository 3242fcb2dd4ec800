"""Each route of Discord's document is imitated, or says that it isn't."""

import re

import aiohttp
import pytest

from standins.clock import Clock
from standins.discord import DiscordStandIn
from standins.discord.model.channels import Channel
from standins.discord.rest.documented import METHODS_OF
from tests.standins.discord.conftest import Api

DOCUMENTED = {(method, template) for template, methods in METHODS_OF.items() for method in methods.split()}
IMITATED = {(route.method, route.template) for route in DiscordStandIn(Clock()).routes()}


def filled(template: str) -> str:
    return re.sub(r"{\w+}", "1", template)


def test_nothing_is_imitated_that_discord_does_not_have() -> None:
    """A route with a typo in its address would answer nobody."""
    assert set() == IMITATED - DOCUMENTED


async def test_an_operation_that_is_not_imitated_says_so(api: Api) -> None:
    """A bot's author learns that the stand-in lacks the operation, rather than that Discord does."""
    for method, template in sorted(DOCUMENTED - IMITATED):
        answered = await api(method, filled(template))
        assert (answered.status, answered.body) == (
            501,
            {"message": f"501: {method} {template} is not imitated here", "code": 0},
        )


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
async def test_a_body_is_not_read_where_nothing_is_imitated(standin: DiscordStandIn, content_type: str) -> None:
    """The answer is the same with a body that Discord would reject."""
    async with aiohttp.ClientSession(headers={"Content-Type": content_type}) as session:
        answer = await session.post(f"{standin.api_url}/channels/1/threads", data=b"nonsense")
        assert answer.status == 501


async def test_all_other_methods_of_a_documented_address_are_405(api: Api) -> None:
    """`Allow` has the documented methods, imitated or not."""
    for template, methods in METHODS_OF.items():
        for method in {"GET", "PUT", "POST", "PATCH", "DELETE"} - {*methods.split()}:
            refused = await api(method, filled(template))
            assert (refused.status, refused.headers["Allow"]) == (405, ", ".join(sorted(methods.split()))), template


@pytest.mark.parametrize("path", ["/channels", "/guilds/1/nothing", "/users/@me/nothing", "/channels/1/messages/2/3"])
async def test_an_address_that_no_document_has_is_404(api: Api, path: str) -> None:
    """It is Discord's own answer for a typo."""
    assert (await api("POST", path)).body == {"message": "404: Not Found", "code": 0}


async def test_a_literal_address_is_not_taken_for_an_id(api: Api, channel: Channel) -> None:
    """`pins` is a list of its own, and not a message id that is wrong."""
    messages = f"/channels/{channel.id}/messages"
    assert "pins is not imitated" in (await api("GET", f"{messages}/pins")).body["message"]
    assert (await api("GET", f"{messages}/mine")).status == 400


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("limit=many", "limit", "BASE_TYPE_BAD_TYPE"),
        ("limit=1.5", "limit", "BASE_TYPE_BAD_TYPE"),
        ("limit=0", "limit", "NUMBER_TYPE_MIN"),
        ("limit=101", "limit", "NUMBER_TYPE_MAX"),
        ("before=yesterday", "before", "NUMBER_TYPE_COERCE"),
        ("around=-1", "around", "NUMBER_TYPE_COERCE"),
    ],
)
async def test_a_parameter_that_the_document_rejects_is_400(
    api: Api, channel: Channel, query: str, name: str, code: str
) -> None:
    """It is named as a field of a body would be."""
    refused = await api("GET", f"/channels/{channel.id}/messages?{query}")
    assert refused.status == 400
    assert refused.body["errors"][name]["_errors"][0]["code"] == code
