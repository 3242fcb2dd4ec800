"""The operator and others read the log."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import pytest

from standins.apiframe.faults import Fault, Kind
from tests.bot.test_cli import settings_of
from tests.faults import mortal_bot
from tests.images import photo
from tests.promises import MonitoringFault
from tests.stage import Stage

PROMPTS = ("a private thought", "a bottle that nobody finds", "a harbour at no hour", "a dear boat")


@asynccontextmanager
async def process_at_debug(stage: Stage) -> AsyncIterator[list[str]]:
    """Run the bot as a process until the block ends, and yield a list that then has the lines of its log."""
    reachable = {name.upper(): str(value) for name, value in stage.reachable().items()}
    process = mortal_bot.start(stage.folder, {"LOG_LEVEL": "DEBUG", **settings_of(stage), **reachable}, crash_at=())
    lines: list[str] = []
    try:
        await stage.discord.world.until(lambda: stage.discord.gateway.sessions)
        await asyncio.sleep(0.1)
        await stage.browser.post(f"{reachable['PUBLIC_URL']}/webhooks/apiframe")  # forged, which is a line at DEBUG
        yield lines
    finally:
        process.terminate()
        await asyncio.to_thread(process.join)
        log = (stage.folder / "bot.log").read_text()
        sys.stdout.write(log)
        lines += log.splitlines()


async def have_a_day(stage: Stage) -> None:
    """Draw by command, button, reaction and mention, with references and refusals, while both ends fail and limit."""
    stage.apiframe.faults.arm(Fault(Kind.SERVER_ERROR, route="generate"))
    first = await stage.imagine(PROMPTS[0], image1=photo())
    picture = await stage.picture(first, 60)
    await stage.discord.world.until(lambda: picture.reactions)
    stage.discord.faults.next("PATCH", "/webhooks/*", status=500, with_file=True)
    stage.apiframe.faults.arm(Fault(Kind.RATE_LIMITED, route="generate"))
    limited = [
        stage.discord.faults.next(method, path, status=429, retry_after=0.1)
        for method, path in (("POST", "/interactions/*"), ("PATCH", "/webhooks/*"), ("POST", "/channels/*"))
    ]
    await stage.alice.presses(picture, "🎲")
    await stage.alice.reacts(picture, "🔁")
    await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> {PROMPTS[1]}")
    await stage.show_pictures(4, 60)
    assert [fault.times for fault in limited] == [0, 0, 0]
    await stage.imagine(PROMPTS[2], width=512)
    stage.apiframe.account.credits = 0
    await stage.imagine(PROMPTS[3])
    await stage.settled()


@pytest.mark.promise(MonitoringFault.LOG_LEAK)
@pytest.mark.slow
async def test_no_secret_is_logged_at_any_level(stage: Stage) -> None:
    """Not even DEBUG logs the bot's token, the key, any interaction's token, or a prompt."""
    async with process_at_debug(stage) as lines:
        await have_a_day(stage)
    log = "\n".join(lines)
    assert '"level": "debug"' in log
    tokens = [interaction.token for interaction in stage.discord.world.interactions.values()]
    assert len(tokens) >= 4
    for secret in (stage.discord.token, stage.apiframe.api_key, *tokens, *PROMPTS):
        assert secret not in log


async def test_a_log_is_one_line_an_event(stage: Stage) -> None:
    """A machine reads JSON, line by line, and finds all that happened to a picture by its id."""
    async with process_at_debug(stage) as lines:
        await have_a_day(stage)
    events = [json.loads(line) for line in lines]
    assert all({"event", "level", "logger", "timestamp"} <= event.keys() for event in events)
    of_pictures = [event for event in events if event["event"] in {"picture_delivered", "picture_failed", "retrying"}]
    assert len(of_pictures) >= 6
    assert all(UUID(event["generation"]) for event in of_pictures)
    assert [event["alert"] for event in events if event["event"] == "alert_raised"] == ["out_of_credits"]


async def test_a_mention_is_no_error_in_the_log(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """discord.py's own commands, of which there are none, don't miss the first word of a prompt."""
    async with stage.running():
        await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a red boat")
        await stage.show_pictures(1)
        await stage.settled()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_completion_that_comes_too_late_is_no_error(stage: Stage) -> None:
    """The member types on and gets the next completion; a logged error would wake the operator for nothing."""
    async with process_at_debug(stage) as lines:
        late = stage.discord.faults.next("POST", "/interactions/*", status=404, code=10062)
        typing = asyncio.create_task(
            stage.alice.completes("/imagine", stage.channel, option="aspect_ratio", text="16", prompt="a boat")
        )
        await stage.discord.world.until(lambda: late.times == 0)
        typing.cancel()
        await stage.picture(await stage.imagine(), 60)
    assert [line for line in lines if '"level": "error"' in line] == []


@pytest.mark.parametrize("fault", [{"status": 401, "code": 50027}, {"status": 404}, {"drop": True}], ids=str)
async def test_a_completion_that_does_not_get_through_is_a_warning(stage: Stage, fault: dict[str, Any]) -> None:
    """The line has the kind of failure and no traceback, because the member can still type the option."""
    async with process_at_debug(stage) as lines:
        stage.discord.faults.next("POST", "/interactions/*", **fault)
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await stage.alice.completes("/imagine", stage.channel, option="aspect_ratio", text="1", prompt="a boat")
        await stage.picture(await stage.imagine(), 60)
    assert [line for line in lines if '"level": "error"' in line] == []
    [warned] = [line for line in lines if "in autocomplete" in line]
    assert ('"level": "warning"' in warned, "Traceback" in warned) == (True, False)
