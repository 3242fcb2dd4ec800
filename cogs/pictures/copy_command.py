"""Copy command: the `/imagine` line that makes a picture again, to be copied."""

import io
from typing import Final

import discord
from discord import ui

from bot.picture.generation import Generation
from bot.picture.request import ImagineRequest
from cogs.pictures.command_line import command_line, how_to_use
from cogs.shared.access import ImagineInteraction
from cogs.shared.answers import defer, show
from cogs.ui.text import one_line

LINE_FILE: Final = "imagine.txt"


class CopyCommand:
    """Shows the line to one person."""

    async def show(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Answer privately with the line in a code block, or in a file where a code block would change it."""
        await defer(interaction)
        line = command_line(generation.request)
        in_file = not _is_safe_in_block(line)

        def files() -> list[discord.File]:
            return [discord.File(io.BytesIO(line.encode()), LINE_FILE)] if in_file else []

        await show(interaction, command_card(generation.request), files)


def command_card(request: ImagineRequest) -> ui.LayoutView:
    """Return the card with the line that makes the picture again, or with the file `LINE_FILE` that has it."""
    line, words = command_line(request), how_to_use(request)
    view = ui.LayoutView(timeout=None)
    if _is_safe_in_block(line):
        view.add_item(ui.Container(ui.TextDisplay(f"{words}\n```\n{line}\n```")))
    else:
        view.add_item(ui.Container(ui.TextDisplay(words), ui.File(f"attachment://{LINE_FILE}")))
    return view


def _is_safe_in_block(line: str) -> bool:
    return "`" not in line and one_line(line) == line
