"""The least that a discord.py bot can do: connect, and answer `/imagine` with one line. Nothing of ours is in it."""

import os

import discord
from aiohttp import ClientSession
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

Route.BASE = os.environ["DISCORD_API_URL"]


class BareBot(discord.AutoShardedClient):
    """A client with a single command."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=0.2,  # as the bot has it
        )
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="imagine", description="Say that a picture is on its way")(imagine)

    async def setup_hook(self) -> None:
        """Register the command."""
        async with ClientSession() as session, session.get(f"{Route.BASE}/gateway") as answer:
            DiscordWebSocket.DEFAULT_GATEWAY = URL((await answer.json())["url"])
        await self.tree.sync()

    async def on_ready(self) -> None:
        """Notify the parent process."""
        print("ready", flush=True)


async def imagine(interaction: discord.Interaction, prompt: str) -> None:
    """Acknowledge."""
    await interaction.response.send_message(f"**{prompt}** is on its way")


BareBot().run(os.environ["DISCORD_TOKEN"], log_handler=None)
