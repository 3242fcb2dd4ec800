"""Details of a picture: everything that was chosen and came of it, shown to one person."""

import io
from collections.abc import Sequence
from pathlib import Path

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserFacingError
from bot.gateway.client import ImagineBot
from bot.generation.library import PictureLibrary
from bot.i18n import _
from bot.picture.generation import Generation
from bot.picture.missing import Missing
from cogs.pictures.details_view import PROMPT_FILE, Details, details_card
from cogs.shared.access import ImagineInteraction
from cogs.shared.answers import defer, show
from cogs.shared.batch_buttons import menu_row
from cogs.shared.picture_buttons import check_is_here, details_rows
from cogs.ui.notes import note


class NoPictureOfMine(UserFacingError):
    """Reject a message that isn't one of the bot's pictures."""

    def __init__(self) -> None:
        super().__init__(_("That message has none of my pictures. Choose one that I posted."))


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
        pictures = await self._library.batch_of(generation)
        shown = [each for each in pictures if each.message_id == message.id and each.deleted_at is None]
        if len(shown) > 1:
            await show(interaction, note(_("That card has several pictures. Which one?"), [menu_row(shown)]))
        else:
            await self._show(interaction, generation)

    async def _show(self, interaction: ImagineInteraction, generation: Generation) -> None:
        ancestors = await self._library.ancestors(generation)
        children, child_count = await self._library.children(generation)
        references = generation.request.references
        async with self._library.thumbnails([*(each.key for each in references), generation.shown_key]) as thumbnails:
            *reference_files, picture_file = _names(thumbnails)
            details = Details(generation, ancestors, children, child_count, reference_files, picture_file)
            # The result stands on the card only beside what it was made from.
            shown = thumbnails if details.before is not None else thumbnails[:-1]
            await show(interaction, details_card(details, details_rows(generation)), lambda: _files(shown, details))


def _names(thumbnails: Sequence[Path | Missing]) -> list[str | Missing]:
    """Return the files' names: `image1` and so on, and last the one of the picture itself."""
    stems = [*(f"image{number}" for number in range(1, len(thumbnails))), "picture"]
    return [
        each if isinstance(each, Missing) else f"{stem}{each.suffix}"
        for stem, each in zip(stems, thumbnails, strict=True)
    ]


def _files(thumbnails: Sequence[Path | Missing], details: Details) -> list[discord.File]:
    pairs = zip(thumbnails, [*details.reference_files, details.picture_file], strict=False)
    files = [discord.File(file, str(name)) for file, name in pairs if not isinstance(file, Missing)]
    if details.prompt_in_file:
        files.append(discord.File(io.BytesIO(details.picture.request.prompt.encode()), PROMPT_FILE))
    return files
