"""The bot in discord.js, in a process of its own."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from standins.discord import DiscordStandIn

PROGRAM: Final = Path(__file__).with_name("bot.js")
MODULES: Final = Path(__file__).parents[2] / ".node/node_modules"
NODE: Final = shutil.which("node")


def why_not() -> str | None:
    """Return why the bot can't run here; None if it can."""
    if NODE is None:
        return "Node.js isn't installed."
    if not (MODULES / "discord.js").exists():
        return "The package discord.js isn't installed: `make discord.js` does that."
    return None


@asynccontextmanager
async def running(standin: DiscordStandIn) -> AsyncIterator[None]:
    """Run the bot on a stand-in until the block ends."""
    assert NODE is not None
    api = standin.api_url.removesuffix("/v10")  # discord.js adds the version
    environment = {"NODE_PATH": str(MODULES), "DISCORD_API": api, "DISCORD_TOKEN": standin.token}
    process = await asyncio.create_subprocess_exec(NODE, str(PROGRAM), env=os.environ | environment)
    try:
        yield
        assert process.returncode is None, "The bot ended by itself."
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
