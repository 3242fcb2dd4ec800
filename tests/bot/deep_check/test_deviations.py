"""A deep check finds each difference between an answer, or an event, and its expected shape."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest

from standins.apiframe.faults import Route
from standins.discord.faults import Rewrite, Wrong
from tests.bot.deep_check.deep_run import DeepRun, deep_check
from tests.contracts.recording import press_button
from tests.stage import Stage

MESSAGES = "/channels/*/messages"
MESSAGE = "/channels/*/messages/*"


def without(*path: str) -> Rewrite:
    """Return a change that removes a field."""
    return lambda body: _changed(body, path, lambda part, name: {k: v for k, v in part.items() if k != name})


def replaced(value: object, *path: str) -> Rewrite:
    """Return a change that sets a field to a value."""
    return lambda body: _changed(body, path, lambda part, name: {**part, name: value})


def _changed(body: Any, path: tuple[str, ...], change: Callable[[Any, str], object]) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(body, list):
        return [_changed(item, path, change) for item in body]
    name, *others = path
    return change(body, name) if not others else {**body, name: _changed(body[name], tuple(others), change)}


def found(run: DeepRun, place: str) -> bool:
    """Return True if the check failed because of this place, and says so on the terminal and in the report."""
    return run.code == 1 and f"    {place}: " in run.out and f"| `{place}` |" in run.report


ALTERED_ANSWERS: dict[str, tuple[str, str, Wrong, str]] = {
    "missing field": ("POST", MESSAGES, {"rewrite": without("flags")}, "$.flags"),
    "missing field, deeper": ("GET", "/users/@me", {"rewrite": without("global_name")}, "$.global_name"),
    "missing id": ("POST", MESSAGES, {"rewrite": without("id")}, "$.id"),
    "other type": ("PATCH", MESSAGE, {"rewrite": replaced("no", "pinned")}, "$.pinned"),
    "other type in a list": ("GET", MESSAGE, {"rewrite": replaced("8", "attachments", "size")}, "$.attachments[].size"),
    "unknown kind": ("GET", MESSAGE, {"rewrite": replaced(99, "type")}, "$.type"),
    "unknown component": (
        "POST",
        MESSAGES,
        {"rewrite": replaced([{"type": 99, "id": 1}], "components")},
        "$.components[].type",
    ),
    "not JSON's type": ("POST", MESSAGES, {"rewrite": lambda _: []}, "$"),
    "other status": ("DELETE", MESSAGE, {"succeeds_with": 200}, "status"),
    "other status of a reaction": ("PUT", "/channels/*/reactions/*", {"succeeds_with": 201}, "status"),
    "missing header": ("PATCH", MESSAGE, {"without_header": "X-RateLimit-Bucket"}, "headers.x-ratelimit-bucket"),
    "gateway": (
        "GET",
        "/gateway/bot",
        {"rewrite": without("session_start_limit", "total")},
        "$.session_start_limit.total",
    ),
    "command": ("POST", "/applications/*/commands", {"rewrite": without("version")}, "$.version"),
    "command without an id": ("POST", "/applications/*/commands", {"rewrite": without("id")}, "$.id"),
    "command as sent": (
        "POST",
        "/applications/*/commands",
        {"rewrite": replaced(None, "default_member_permissions")},
        "$.default_member_permissions",
    ),
}


@pytest.mark.parametrize("name", ALTERED_ANSWERS)
async def test_other_answer_of_discord_is_found(stage: Stage, name: str) -> None:
    """A difference is on the terminal and in the report, the exit code is 1, and nothing is left behind."""
    method, path, wrong, place = ALTERED_ANSWERS[name]
    stage.discord.faults.next(method, path, **wrong)
    run = await deep_check(stage, "--free")
    assert found(run, place), run.all_text
    assert stage.channel.messages_for(stage.alice) == []
    assert stage.discord.world.commands.all(stage.guild.id) == []
    assert "Traceback" not in run.err


ALTERED_EVENTS: dict[str, tuple[str, Rewrite, str]] = {
    "without a field that the document promises": ("MESSAGE_CREATE", without("flags"), "$.flags"),
    "without the field that the bot needs": ("MESSAGE_CREATE", without("guild_id"), "$"),
    "without an emoji": ("MESSAGE_REACTION_ADD", without("emoji"), "$.emoji"),
    "other type": ("MESSAGE_UPDATE", replaced("0", "flags"), "$.flags"),
    "other type for the bot": ("MESSAGE_CREATE", replaced(None, "author", "username"), "$.author.username"),
}


@pytest.mark.parametrize("name", ALTERED_EVENTS)
async def test_other_event_is_found(stage: Stage, name: str) -> None:
    event, rewrite, place = ALTERED_EVENTS[name]
    stage.discord.gateway.rewrites[event] = rewrite
    run = await deep_check(stage, "--free")
    assert found(run, place), run.all_text
    assert stage.channel.messages_for(stage.alice) == []
    assert "Traceback" not in run.err


ALTERED_ANSWERS_OF_APIFRAME: dict[str, tuple[Route, Rewrite, str]] = {
    "account": ("me", without("team", "plan"), "$.team.plan"),
    "price list": ("models", replaced("7", "models", "costMin"), "$.models[].costMin"),
    "list of jobs": ("jobs", without("hasMore"), "$.hasMore"),
    "upload": ("uploads", without("expiresAt"), "$.expiresAt"),
    "order": ("generate", replaced("WAITING", "status"), "$.status"),
    "job": ("job", without("createdAt"), "$.createdAt"),
}


@pytest.mark.parametrize("name", ALTERED_ANSWERS_OF_APIFRAME)
async def test_other_answer_of_apiframe_is_found(stage: Stage, name: str) -> None:
    route, rewrite, place = ALTERED_ANSWERS_OF_APIFRAME[name]
    stage.apiframe.faults.rewrites[route] = rewrite
    run = await deep_check(stage, "--yes")
    assert found(run, place), run.all_text
    assert len(stage.jobs()) == 1
    assert "Traceback" not in run.err


async def test_new_field_is_noted_and_not_wrong(stage: Stage) -> None:
    """The platforms may add fields."""
    stage.discord.faults.next("POST", MESSAGES, rewrite=replaced(1, "sparkle"))
    run = await deep_check(stage, "--free")
    assert run.code == 0, run.all_text
    assert "| discord POST /channels/{channel_id}/messages | `$.sparkle` | integer |" in run.report


async def test_event_that_does_not_come_is_found(stage: Stage) -> None:
    stage.discord.gateway.rewrites["MESSAGE_UPDATE"] = replaced("1", "id")
    run = await deep_check(stage, "--free")
    assert run.code == 1
    assert "✗ Discord: event MESSAGE_UPDATE" in run.out
    assert "✓ Discord: delete the card" in run.out


async def test_other_interaction_is_found(stage: Stage) -> None:
    stage.discord.gateway.rewrites["INTERACTION_CREATE"] = without("attachment_size_limit")
    pressing = asyncio.create_task(press_button(stage.discord, stage.channel, stage.alice))
    run = await deep_check(stage, "--free", "--interactive")
    await pressing
    assert found(run, "$.attachment_size_limit"), run.all_text


NOT_OF_THE_STAND_IN: dict[str, tuple[str, str]] = {
    "READY": ("user_settings", "$.user_settings"),
    "GUILD_CREATE": ("voice_states", "$.voice_states"),
    "MESSAGE_REACTION_REMOVE": ("burst", "$.burst"),
    "MESSAGE_DELETE": ("guild_id", "$.guild_id"),
}


async def test_difference_from_the_stand_in_alone_is_shown_and_not_wrong(stage: Stage) -> None:
    """No document promises these fields, and the bot doesn't need them; only the tests assume them."""
    for event, (field, _) in NOT_OF_THE_STAND_IN.items():
        stage.discord.gateway.rewrites[event] = without(field)
    stage.discord.faults.next("GET", "/channels/*", rewrite=without("nsfw"))
    stage.apiframe.faults.rewrites["job"] = without("expired")
    run = await deep_check(stage, "--yes")
    assert run.code == 0, run.all_text
    assert "6 places differ from the stand-in, which breaks no promise." in run.out
    for place in (*(place for _, place in NOT_OF_THE_STAND_IN.values()), "$.nsfw", "$.expired"):
        assert f"    {place}: missing" in run.out
        assert re.search(rf"\| `{re.escape(place)}` \| missing \|  \| .* \| stand-in \|", run.report)


async def test_event_that_discord_py_cannot_read_fails_its_step_only(stage: Stage) -> None:
    """The gateway is lost, and the HTTP API is still checked."""
    stage.discord.gateway.rewrites["READY"] = without("resume_gateway_url")
    run = await deep_check(stage, "--free")
    assert run.code == 1
    assert "✗ Discord: connect to the gateway: discord.py can't read the answer (KeyError)." in run.out
    assert "✓ Discord: delete the card" in run.out
    assert "Traceback" not in run.err
