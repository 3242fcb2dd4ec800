"""The real bot between the two stand-ins: `playground` shows it, and the tests run it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.app import open_bot
from bot.client import ImagineBot
from bot.settings import Settings
from playground.apiframe.server import ApiframeStandIn
from playground.clock import Clock
from playground.discord.people import Member
from playground.discord.places import Channel
from playground.discord.server import DiscordStandIn


@dataclass(frozen=True, slots=True)
class FarEnds:
    """Both stand-ins, serving; a channel with a member in it who may type; and a folder that vanishes with them."""

    discord: DiscordStandIn
    apiframe: ApiframeStandIn
    channel: Channel
    member: Member
    folder: Path

    def settings(self, **changes: object) -> Settings:
        """Return settings that lead here; `changes` go on top."""
        return settings_for(self.discord, self.apiframe, self.folder, **changes)


@asynccontextmanager
async def open_far_ends() -> AsyncIterator[FarEnds]:
    """Serve both stand-ins on free ports, with a server named Harbour in them, until the block ends."""
    clock = Clock()
    with tempfile.TemporaryDirectory(prefix="playground-", ignore_cleanup_errors=True) as folder:
        async with DiscordStandIn(clock).serving() as discord, ApiframeStandIn(clock).serving() as apiframe:
            guild = discord.world.add_guild("Harbour")
            yield FarEnds(discord, apiframe, guild.add_channel("pictures"), guild.add_member("alice"), Path(folder))


def settings_for(discord: DiscordStandIn, apiframe: ApiframeStandIn, folder: Path, **changes: object) -> Settings:
    """Return settings that lead to the stand-ins and keep everything in `folder`; `changes` go on top."""
    settings: dict[str, object] = {
        "discord_token": discord.token,
        "discord_api_url": discord.api_url,
        "apiframe_api_key": apiframe.api_key,
        "apiframe_base_url": apiframe.base_url,
        "database_url": f"sqlite:///{folder / 'imagine.db'}",
        "data_dir": folder,
        "http_port": 0,
        "generation": {"poll_seconds": 0.2, "queue_poll_seconds": 0.05, "progress_seconds": 0.5},
    }
    return Settings.model_validate(settings | changes)


@asynccontextmanager
async def running_bot(settings: Settings) -> AsyncIterator[ImagineBot]:
    """Run the real bot until the block ends, and yield it once it is ready; raise what keeps it from being ready."""
    token, key = settings.discord_token, settings.apiframe_api_key
    async with open_bot(settings, key or SecretStr("")) as bot:
        serving = asyncio.create_task(bot.serve(token or SecretStr("")), name="bot")
        try:
            ready = asyncio.create_task(bot.until_ready(), name="bot ready")
            await asyncio.wait({serving, ready}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                ready.cancel()
                await serving
            yield bot
        finally:
            await bot.close()
            await asyncio.gather(serving, return_exceptions=True)
