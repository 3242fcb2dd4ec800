"""The operator checks the set-up: which parts are right, wrong, or unknown."""

import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.bot.test_cli import imagine_bot, settings_of
from tests.stage import Stage


@pytest.fixture
def sqlite_url(empty_sqlite_url: str) -> str:
    """Begin with no database, as a first start does."""
    return empty_sqlite_url


async def test_check_prints_what_works_and_the_invite_link(stage: Stage) -> None:
    """All that a start needs is looked at, and the link asks for no more than the bot needs."""
    ended = await imagine_bot("check", **settings_of(stage))
    assert ended.code == 0, ended.out + ended.err
    for words in (
        "logs in as",
        str(stage.discord.application_id),
        "accepted",
        "10000 left",
        "sqlite",
        str(stage.folder),
    ):
        assert words in ended.out
    assert f"client_id={stage.discord.application_id}" in ended.out
    assert "applications.commands" in ended.out
    assert stage.discord.token not in ended.out + ended.err
    assert stage.apiframe.api_key not in ended.out + ended.err


@pytest.mark.parametrize("offered", [True, False])
async def test_check_looks_whether_people_can_install_the_bot_for_themselves(stage: Stage, offered: bool) -> None:
    """With ALLOW_USER_INSTALL there are two links, and the portal's box has to be ticked."""
    stage.discord.world.commands.offers_user_install = offered
    ended = await imagine_bot("check", **settings_of(stage) | {"ALLOW_USER_INSTALL": "true"})
    assert ended.code == (0 if offered else 1), ended.out + ended.err
    assert ("Tick User Install" in ended.out) is not offered
    assert "scope=bot+applications.commands" in ended.out
    assert "scope=applications.commands&integration_type=1" in ended.out


async def test_check_names_each_thing_that_is_wrong(stage: Stage) -> None:
    """Several faults are found in one go, each beside its name."""
    wrong = {"APIFRAME_API_KEY": "afk_wrong", "DISCORD_TOKEN": "wrong", "DATABASE_URL": "mysql://here"}
    ended = await imagine_bot("check", **settings_of(stage) | wrong)
    assert ended.code == 1
    assert "Discord does not accept DISCORD_TOKEN" in ended.out
    assert "key" in ended.out
    assert "DATABASE_URL names 'mysql'" in ended.out
    assert "Not everything is set up" in ended.err


async def test_check_finds_an_application_whose_commands_go_elsewhere(stage: Stage) -> None:
    """With an endpoint for interactions set, Discord tells the bot of no command, and the portal has the way out."""

    async def of_discord(path: str, **changes: str) -> web.Response:
        headers = {"Authorization": f"Bot {stage.discord.token}"}
        async with stage.browser.get(f"{stage.discord.api_url}{path}", headers=headers) as answer:
            described = json.dumps(await answer.json() | changes).encode()
        return web.Response(body=described, content_type="application/json")  # with no charset, as Discord

    async def bot(_: web.Request) -> web.Response:
        return await of_discord("/users/@me")

    async def application(_: web.Request) -> web.Response:
        return await of_discord("/oauth2/applications/@me", interactions_endpoint_url="https://example.org/old")

    elsewhere = web.Application()
    elsewhere.add_routes([web.get("/users/@me", bot), web.get("/oauth2/applications/@me", application)])
    async with TestServer(elsewhere) as server:
        ended = await imagine_bot("check", **settings_of(stage) | {"DISCORD_API_URL": str(server.make_url("/"))})
    assert ended.code == 1
    assert "go to https://example.org/old: empty Interactions Endpoint URL" in ended.out


async def test_check_does_not_take_unknown_credits_for_none(stage: Stage) -> None:
    """A key without a team isn't asked for credits, which are unknown."""

    async def me(_: web.Request) -> web.Response:
        return web.json_response({"team": None})

    async def models(_: web.Request) -> web.Response:
        return web.json_response({"models": []})

    elsewhere = web.Application()
    elsewhere.add_routes([web.get("/v2/me", me), web.get("/v2/models", models)])
    async with TestServer(elsewhere) as server:
        ended = await imagine_bot("check", **settings_of(stage) | {"APIFRAME_BASE_URL": str(server.make_url("/"))})
    assert ended.code == 0, ended.out + ended.err
    assert "does not say how many" in ended.out


@pytest.mark.parametrize(
    ("status", "headers", "code", "words"),
    [
        (401, {}, 0, "answers, seen from here"),
        (401, {"WWW-Authenticate": "Basic"}, 1, "which is not the bot"),
        (404, {}, 1, "which is not the bot"),
        (301, {"Location": "https://example.org"}, 1, "which is not the bot"),
        (502, {}, 0, "If the bot does not run just now"),
    ],
    ids=["the bot", "a password", "another page", "a redirect", "a proxy alone"],
)
async def test_check_knocks_at_the_public_address(
    stage: Stage, status: int, headers: dict[str, str], code: int, words: str
) -> None:
    """401 comes from the bot, other responses are wrong, and a bot that doesn't run isn't a fault."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    outside = web.Application()
    outside.router.add_post("/webhooks/apiframe", answer)
    async with TestServer(outside) as server:
        ended = await imagine_bot("check", **settings_of(stage) | {"PUBLIC_URL": str(server.make_url("/"))})
    assert ended.code == code, ended.out + ended.err
    assert words in " ".join(ended.out.split())


async def test_check_takes_a_running_bot_for_what_it_is(stage: Stage) -> None:
    """`check` recognizes the response of a running bot; it can't tell anything about a stopped one."""
    public = stage.reachable()
    settings = settings_of(stage) | {"PUBLIC_URL": str(public["public_url"])}
    async with stage.running(**public):
        ended = await imagine_bot("check", **settings)
    assert (ended.code, "answers, seen from here" in ended.out) == (0, True), ended.out
    ended = await imagine_bot("check", **settings)
    assert (ended.code, "does not answer here" in ended.out) == (0, True), ended.out
