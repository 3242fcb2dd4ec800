"""A recording of the stand-ins: deep checks without expectations, in several kinds of channels."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr
from rich.console import Console

from bot.deep_check.command import COMMAND
from bot.deep_check.deep_check import DeepCheck, run_parts
from bot.deep_check.journal import Journal
from bot.deep_check.recorder import Recorder
from bot.deep_check.shapes import ShapeTable
from bot.deep_check.verdicts import Judge
from playground.app import settings_for
from standins.apiframe.jobs import Pace
from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from standins.discord.client.person import Person
from standins.discord.model.channel_types import ChannelType
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from standins.discord.server import DiscordStandIn

_SLOW: Final = Pace(queued=0.6, drawing=0.6)  # so that a job is seen on its way and at its end
_PLAIN_OPTIONS: Final = [
    {"type": option["type"], "name": option["name"], "description": option["description"]}
    for option in COMMAND["options"]
]
_OTHER_COMMANDS: Final[list[dict[str, Any]]] = [
    {"name": "Imagine from this", "type": 3},
    {
        "name": "limits",
        "description": "Limits",
        "options": [
            {"type": 1, "name": "show", "description": "Show them", "options": COMMAND["options"]},
            {"type": 1, "name": "set", "description": "Set one", "options": _PLAIN_OPTIONS},
        ],
    },
]


async def record_stand_ins() -> Recorder:
    """Return everything that the stand-ins send during deep checks."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        async with DiscordStandIn(clock).serving() as discord, ApiframeStandIn(clock).serving() as apiframe:
            apiframe.pace, apiframe.smooth_pictures = _SLOW, False
            for command in (COMMAND, *_OTHER_COMMANDS):
                discord.world.commands.register(command, None)
            settings = settings_for(discord, apiframe, Path(folder))
            recorder = Recorder(str(settings.discord_api_url), str(settings.apiframe_base_url))
            journal = Journal(Console(quiet=True), Judge(ShapeTable()), recorder)
            token, key = SecretStr(discord.token), SecretStr(apiframe.api_key)
            guild = discord.world.add_guild("Harbour")
            alice = discord.person(guild.add_member("alice"))
            for channel in _channels(guild):
                asked = DeepCheck(channel.id, yes=True, interactive=True)
                pressing = asyncio.create_task(press_button(discord, channel, alice))
                await run_parts(settings, token, key, asked, journal, recorder)
                await pressing
    if problems := [f"{step.title}: {step.problem}" for step in journal.steps if step.problem]:
        raise RuntimeError("The stand-ins couldn't be recorded.\n" + "\n".join(problems))
    return recorder


async def press_button(discord: DiscordStandIn, channel: Channel, alice: Person) -> None:
    """Press the button of the next card in a channel."""
    before = set(channel.messages)
    await discord.world.until(lambda: set(channel.messages) - before)
    [posted] = set(channel.messages) - before
    await alice.presses(channel.messages[posted], "Check")


def _channels(guild: Guild) -> Iterator[Channel]:
    """Yield the channels to check, after the server got channels of other kinds."""
    text = guild.add_channel("pictures")
    for kind in (ChannelType.CATEGORY, ChannelType.NEWS, ChannelType.STAGE, ChannelType.FORUM):
        guild.add_channel(kind.name.lower(), kind)
    yield from (text, text.add_thread("thread"), guild.add_channel("voice", ChannelType.VOICE))
