"""Every door through which an error can reach a person."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ImagineBot
from bot.errors import UserFacingError, record_unexpected
from bot.limits.ledger import LimitRefused
from cogs.ui.refusals import refusal_sentence

_STALE_COMMAND = "This command has changed since your app last looked. Restart Discord (Ctrl+R) and try again."


class Errors(commands.Cog):
    """Answers for the command tree; widgets answer through `tell` themselves."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot

    async def cog_load(self) -> None:
        """Take the command tree's errors."""
        self._bot.tree.error(self.on_command_error)

    async def on_command_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        """Tell the person who used a command what happened."""
        await tell(interaction, error)


async def tell(interaction: discord.Interaction, error: BaseException) -> None:
    """Say privately what an error means, whether or not the interaction has been answered."""
    if interaction.type is discord.InteractionType.autocomplete:
        record_unexpected(error, "completing an option")
        return
    sentence = sentence_for(innermost(error), interaction)
    try:
        if interaction.response.is_done():
            await interaction.followup.send(sentence, ephemeral=True, allowed_mentions=discord.AllowedMentions.none())
        else:
            await interaction.response.send_message(
                sentence, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
            )
    except discord.HTTPException as cause:
        record_unexpected(cause, "telling somebody about an error")


def sentence_for(error: BaseException, interaction: discord.Interaction) -> str:
    """Return our sentence where it was meant for people, and a number that finds the log line where it was not."""
    match error:
        case LimitRefused():
            return refusal_sentence(error.verdict)
        case UserFacingError():
            return str(error)
        case app_commands.TransformerError():
            return f"`{error.value}` is not possible here: choose a value from the list."
        case app_commands.CommandSignatureMismatch() | app_commands.CommandNotFound():
            return _STALE_COMMAND
        case unexpected:
            name = interaction.command.qualified_name if interaction.command else "an interaction"
            return f"That broke on my side. Please quote `{record_unexpected(unexpected, f'answering {name}')}`."


def innermost(error: BaseException) -> BaseException:
    """Return what a command raised, out of discord.py's wrapping."""
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


async def setup(bot: ImagineBot) -> None:
    """Add this cog."""
    await bot.add_cog(Errors(bot))
