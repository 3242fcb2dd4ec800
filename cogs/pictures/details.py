"""Details of a picture: everything that was chosen and came of it, for one person's eyes."""

import io
from collections.abc import Sequence
from pathlib import Path

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserFacingError
from bot.gateway.client import ImagineBot
from bot.generation.library import PictureLibrary
from bot.picture.generation import Generation
from bot.picture.missing import Missing
from cogs.pictures.details_view import LINE_FILE, Details, details_card
from cogs.shared.access import ImagineInteraction
from cogs.shared.answers import defer, show
from cogs.shared.picture_buttons import check_is_here


class NoPictureOfMine(UserFacingError):
    """Reject a message that isn't one of the bot's pictures."""

    def __init__(self) -> None:
        super().__init__("There is no picture of mine in that message. Choose one that I posted.")


class PictureDetails(commands.Cog):
    """Shows details, by the button and by the message's menu."""

    def __init__(self, bot: ImagineBot, library: PictureLibrary) -> None:
        self._bot = bot
        self._library = library
        self._menu = app_commands.ContextMenu(name="Picture details", callback=self._of_message)

    async def cog_load(self) -> None:
        """Put the command into the menu of messages."""
        self._bot.tree.add_command(self._menu)

    async def show(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Answer privately with all that is known; making thumbnails may take longer than a first answer may."""
        await defer(interaction)
        await self._show(interaction, generation)

    async def _of_message(self, interaction: ImagineInteraction, message: discord.Message) -> None:
        await defer(interaction)
        generation = await self._library.find_by_message(message.id)
        if generation is None:
            raise NoPictureOfMine
        check_is_here(interaction, generation)
        await self._show(interaction, generation)

    async def _show(self, interaction: ImagineInteraction, generation: Generation) -> None:
        ancestors = await self._library.ancestors(generation)
        async with self._library.thumbnails([each.key for each in generation.request.references]) as thumbnails:
            names = [_name(number, file) for number, file in enumerate(thumbnails, start=1)]
            card = details_card(Details(generation, ancestors, names))
            await show(interaction, card.view, lambda: _files(names, thumbnails, card.line_file))


def _name(number: int, thumbnail: Path | Missing) -> str | Missing:
    return thumbnail if isinstance(thumbnail, Missing) else f"image{number}{thumbnail.suffix}"


def _files(
    names: Sequence[str | Missing], thumbnails: Sequence[Path | Missing], line: str | None
) -> list[discord.File]:
    pairs = zip(names, thumbnails, strict=True)
    files = [discord.File(file, str(name)) for name, file in pairs if not isinstance(file, Missing)]
    if line is not None:
        files.append(discord.File(io.BytesIO(line.encode()), LINE_FILE))
    return files
