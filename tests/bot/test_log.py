"""The operator who reads the log, and whoever else gets to read it."""

import asyncio
import os
import signal
import sys

import pytest

from playground.discord.interactions import Interaction
from tests.bot.test_cli import settings_of
from tests.stage import Stage


async def drawn_by_a_process(stage: Stage) -> Interaction:
    """Draw a picture once there is somebody to draw it."""
    await stage.discord.world.until(lambda: stage.discord.gateway.sessions, 15)
    await asyncio.sleep(0.1)
    interaction = await stage.imagine("a private thought")
    await stage.picture(interaction)
    return interaction


async def test_no_secret_is_logged_at_any_level(stage: Stage) -> None:
    """Not even DEBUG prints a token of the bot or of an interaction, or the key."""
    environment = {"PATH": os.environ["PATH"], "LOG_LEVEL": "DEBUG", **settings_of(stage)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"), env=environment, stderr=asyncio.subprocess.PIPE
    )
    reading = asyncio.create_task(process.communicate())
    try:
        interaction = await drawn_by_a_process(stage)
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = await reading
    assert '"level": "debug"' in log.decode()
    for secret in (interaction.token, stage.discord.token, stage.apiframe.api_key):
        assert secret not in log.decode()


async def test_a_mention_is_no_error_in_the_log(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """discord.py's own commands, of which there are none, do not miss the first word of a prompt."""
    async with stage.running():
        await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> a red boat")
        await stage.show_pictures(1)
        await stage.settled()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
