"""What people read when a command fails; buttons and forms guard themselves."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.gateway.client import ImagineBot
from cogs.shared.error_replies import reply_with_error


class Errors(commands.Cog):
    """Takes the command tree's errors."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot

    async def cog_load(self) -> None:
        """Stand at the door."""
        self._bot.tree.error(self._on_command_error)

    async def _on_command_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        await reply_with_error(interaction, error)
