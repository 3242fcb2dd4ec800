"""`/help`: how to begin."""

from discord import app_commands
from discord.ext import commands

from cogs.shared.access import ImagineInteraction
from cogs.shared.answers import say
from cogs.shared.help_page import HelpPage


class Help(commands.Cog):
    """Shows a member the page, privately."""

    def __init__(self, page: HelpPage) -> None:
        self._page = page

    @app_commands.command()
    async def help(self, interaction: ImagineInteraction) -> None:
        """Learn how to make pictures, and what the buttons do."""
        await say(interaction, self._page.card())
