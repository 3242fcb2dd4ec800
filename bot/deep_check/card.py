"""The message that the deep check posts: a card of the kind that the bot posts."""

from io import BytesIO
from typing import Final

import discord
from discord import ui
from PIL import Image

BUTTON: Final = "deep-check"
FILE_NAME: Final = "deep-check"
_TEXT: Final = "`imagine-bot check --deep` posted this message and deletes it in a moment."
_SMALL: Final = (64, 64)
_COLOR: Final = "#5865f2"


def card(file_name: str | None = None, *, can_be_pressed: bool = False) -> ui.LayoutView:
    """Return a card with text and a button, and with a picture if there is a file."""
    container: ui.Container[ui.LayoutView] = ui.Container(ui.TextDisplay(_TEXT), accent_color=discord.Color.blurple())
    if file_name is not None:
        item = discord.MediaGalleryItem(f"attachment://{file_name}", description="The picture of the check")
        container.add_item(ui.MediaGallery(item))
    button: ui.Button[ui.LayoutView] = ui.Button(label="Check", custom_id=BUTTON, disabled=not can_be_pressed)
    view = ui.LayoutView(timeout=None)
    view.add_item(container.add_item(ui.ActionRow(button)))
    return view


def small_image() -> bytes:
    """Return a PNG of a few hundred bytes."""
    file = BytesIO()
    Image.new("RGB", _SMALL, _COLOR).save(file, "PNG")
    return file.getvalue()
