"""A bot in each library on a stand-in, with a server, a channel and Alice."""

from collections.abc import AsyncIterator

import pytest

from standins.discord import DiscordStandIn
from standins.discord.model.guilds import Guild
from tests.foreign.libraries import LIBRARIES, bot_in
from tests.standins.discord.conftest import alice, api, channel, clock, guild, standin

__all__ = ["alice", "api", "channel", "clock", "guild", "standin"]
COMMANDS = 6


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> str:
    """Name the library that the test is about."""
    return str(request.param)


@pytest.fixture
async def foreign_bot(library: str, standin: DiscordStandIn, guild: Guild) -> AsyncIterator[None]:
    """Run the library's bot, which is connected and has registered its commands."""
    assert guild.has_bot
    async with bot_in(library)(standin):
        await standin.world.until(lambda: standin.gateway.connected and len(standin.world.commands.all()) == COMMANDS)
        yield
