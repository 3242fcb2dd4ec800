"""The real bot between the two stand-ins: `playground` shows it, and the tests run it."""

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom  # tests seed the one that the module shares
from typing import Final

from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.app import open_bot
from bot.runner import BotRunner
from bot.settings import Settings
from playground.demo_server import Town, found_town
from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from standins.discord.server import DiscordStandIn

_OWN_PORTS: Final = range(20_000, 32_000)
_TRIES: Final = 100


@dataclass(frozen=True, slots=True)
class FarEnds:
    """Both stand-ins, serving; a town with people in it; and a folder that vanishes with them."""

    discord: DiscordStandIn
    apiframe: ApiframeStandIn
    town: Town
    folder: Path

    def settings(self) -> Settings:
        """Return settings that lead here."""
        return settings_for(self.discord, self.apiframe, self.folder)

    def environment(self) -> dict[str, str]:
        """Return settings for a bot in a process of its own, which Apiframe can reach, and strangers may write to."""
        port = free_port()
        reachable = {"http_port": port, "public_url": f"http://127.0.0.1:{port}", "allow_direct_messages": True}
        return environment_for(self.discord, self.apiframe, self.folder, **reachable)


class _GivenSettings(Settings):
    """Settings without the environment and `.env`, where somebody may have set up a bot of their own."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  (the signature of pydantic-settings)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read only what the constructor is given."""
        return (init_settings,)


@asynccontextmanager
async def open_far_ends() -> AsyncIterator[FarEnds]:
    """Serve both stand-ins on free ports, with a server named Harbour in them, until the block ends."""
    clock = Clock()
    with tempfile.TemporaryDirectory(prefix="playground-", ignore_cleanup_errors=True) as folder:
        async with DiscordStandIn(clock).serving() as discord, ApiframeStandIn(clock).serving() as apiframe:
            yield FarEnds(discord, apiframe, found_town(discord), Path(folder))


def free_port() -> int:
    """Return a port that nobody listens at, for a bot whose address has to be known before it runs.

    Systems don't hand out these ports by themselves, so it stays free while the bot is down.
    """
    return next(port for port in SystemRandom().sample(_OWN_PORTS, _TRIES) if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def settings_for(discord: DiscordStandIn, apiframe: ApiframeStandIn, folder: Path, **changes: object) -> Settings:
    """Return settings that lead to the stand-ins and keep everything in `folder`; `changes` go on top."""
    return _GivenSettings.model_validate(_leading_to(discord, apiframe, folder) | changes)


def environment_for(
    discord: DiscordStandIn, apiframe: ApiframeStandIn, folder: Path, **changes: object
) -> dict[str, str]:
    """Return the same as `settings_for`, as a process of its own reads it."""
    return dict(_spelt(_leading_to(discord, apiframe, folder) | changes))


def _leading_to(discord: DiscordStandIn, apiframe: ApiframeStandIn, folder: Path) -> dict[str, object]:
    return {
        "discord_token": discord.token,
        "discord_api_url": discord.api_url,
        "apiframe_api_key": apiframe.api_key,
        "apiframe_base_url": apiframe.base_url,
        "database_url": f"sqlite:///{folder / 'imagine.db'}",
        "data_dir": folder,
        "http_port": 0,
        "generation": {
            "poll_seconds": 0.2,
            "queue_poll_seconds": 0.05,
            "progress_seconds": 0.5,
            "safety_poll_seconds": 5,
        },
    }


def _spelt(settings: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Spell settings as an environment: `{"generation": {"poll_seconds": 1}}` is `GENERATION__POLL_SECONDS=1`."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _spelt(value, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}", str(value)


@asynccontextmanager
async def running_bot(settings: Settings) -> AsyncIterator[BotRunner]:
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
            serving.cancel()  # it may wait before it exits, so that it does not identify too often
            await asyncio.gather(serving, return_exceptions=True)
