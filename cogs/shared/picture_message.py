"""The content of a channel message that shows a picture."""

import io
from pathlib import Path
from typing import Final

import discord

from bot.generation.discord_port import Picture
from bot.picture.generation import Generation
from bot.picture.price import PriceOf
from cogs.shared.marked_files import file_marker
from cogs.shared.messages import OutgoingMessage
from cogs.shared.picture_buttons import picture_rows
from cogs.ui.cards import picture_card
from cogs.ui.text import SMALLER, alt_text, file_stem

# A file that is read at once needs no change of thread for each piece; it was written just now, and is still cached.
_READ_AT_ONCE_BYTES: Final = 1_000_000


def picture_message(generation: Generation, picture: Picture, price_of: PriceOf) -> OutgoingMessage:
    """Return the card with a picture and its file; one for each try, since a file that was sent is closed."""
    file = picture_file(generation, picture)
    card = picture_card(generation, file.filename, price_of, picture_rows(generation), refitted=picture.refitted)
    return OutgoingMessage(card, [file])


def picture_file(generation: Generation, picture: Picture) -> discord.File:
    """Return the file of a picture, to be sent once."""
    stem = file_stem(generation.request.prompt, file_marker(generation.id))
    file_name = f"{stem}{SMALLER if picture.refitted else ''}.{picture.format.suffix}"
    return discord.File(_content(picture), file_name, description=alt_text(generation.request.prompt))


def _content(picture: Picture) -> Path | io.BytesIO:
    return picture.path if picture.size_bytes > _READ_AT_ONCE_BYTES else io.BytesIO(picture.path.read_bytes())
