"""The libraries, and how to run the bot in each: all behave alike, so that each test is written once."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from importlib.util import find_spec
from typing import Final

import pytest

from standins.discord import DiscordStandIn
from tests.foreign import discord_js_bot

Run = Callable[[DiscordStandIn], AbstractAsyncContextManager[None]]
LIBRARIES: Final = ("disnake", "hikari", "discord.js")


def bot_in(library: str) -> Run:
    """Return how to run the bot in a library; skip the test if the library isn't installed."""
    if library == "discord.js":
        if reason := discord_js_bot.why_not():
            pytest.skip(reason)
        return discord_js_bot.running
    if find_spec(library) is None:
        pytest.skip(f"The package {library} isn't installed.")
    run: Run = import_module(f"tests.foreign.{library}_bot").running
    return run
