"""What is put into a channel when a picture is shown there."""

import discord

from bot.generation.delivery import Picture
from bot.picture.generation import Generation
from cogs.mailbox import Letter
from cogs.presses import picture_rows
from cogs.ui.cards import picture_card
from cogs.ui.words import alt_text, file_stem

_MARK_CHARACTERS = 12  # of the generation's id, in the file name


def picture_letter(generation: Generation, picture: Picture) -> Letter:
    """Return the card with a picture and its file; one for each try, since a file that was sent is closed."""
    file_name = f"{file_stem(generation.request.prompt, picture_mark(generation))}.{picture.format.suffix}"
    file = discord.File(picture.path, file_name, description=alt_text(generation.request.prompt))
    card = picture_card(generation, file_name, picture_rows(generation), refitted=picture.refitted)
    return Letter(card, [file])


def picture_mark(generation: Generation) -> str:
    """Return what tells this picture's file from every other."""
    return generation.id.hex[:_MARK_CHARACTERS]
