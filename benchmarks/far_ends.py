"""The platforms of every measurement: both stand-ins, in this process, with members on some servers."""

import gc
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from standins.apiframe.faults import Fault, Kind
from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from standins.discord.client.options import OptionValue
from standins.discord.model.channels import Channel
from standins.discord.model.interactions import Interaction
from standins.discord.server import DiscordStandIn

SERVERS = 10
BOOST = 2  # takes files of 50 MB, so that no picture has to be made smaller
NO_LIMIT = 10**9


@dataclass(frozen=True)
class FarEnds:
    """Discord with a channel in each of some servers, and Apiframe with its own clock and no limits of its own."""

    discord: DiscordStandIn
    apiframe: ApiframeStandIn
    channels: Sequence[Channel]

    async def imagine(self, number: int, **options: OptionValue) -> Interaction:
        """Make new members type `/imagine`, in one server after the other."""
        channel = self.channels[number % len(self.channels)]
        assert channel.guild is not None
        member = self.discord.person(channel.guild.add_member(f"member {number}"))
        return await member.types("/imagine", channel, prompt=f"a red boat at dawn, number {number}", **options)


@asynccontextmanager
async def far_ends(picture_megabytes: float = 1.0) -> AsyncIterator[FarEnds]:
    """Open both stand-ins; pictures are noise of this size, made once, since drawing would use the bot's processor."""
    apiframe = ApiframeStandIn(Clock(), credits_available=NO_LIMIT)
    apiframe.account.requests_a_minute = NO_LIMIT
    apiframe.faults.arm(Fault(Kind.HUGE, times=None, megabytes=picture_megabytes))
    async with DiscordStandIn(Clock()).serving() as discord, apiframe.serving():
        with _without_collections():
            yield _places(discord, apiframe)


@contextmanager
def _without_collections() -> Iterator[None]:
    """Collect no garbage in this process: its full collections stop the stand-ins for longer than any answer takes."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _places(discord: DiscordStandIn, apiframe: ApiframeStandIn) -> FarEnds:
    guilds = [discord.world.add_guild(f"Server {number}", boost=BOOST) for number in range(SERVERS)]
    return FarEnds(discord, apiframe, [guild.add_channel("pictures") for guild in guilds])
