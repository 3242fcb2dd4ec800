"""The card that shows a picture in its server's showcase."""

from typing import Final

import discord
from discord import ui

from bot.i18n import _
from bot.picture.generation import Generation
from cogs.ui.cards import picture_link
from cogs.ui.text import alt_text, shown_prompt

_GOLD: Final = discord.Colour(0xF0B232)


def showcase_card(generation: Generation, file_name: str) -> ui.LayoutView:
    """Return the card with the picture, which is attached under `file_name`, its member, and a link to it."""
    prompt, spoiler = generation.request.prompt, generation.request.spoiler
    item = discord.MediaGalleryItem(f"attachment://{file_name}", description=alt_text(prompt), spoiler=spoiler)
    parts: list[ui.Item[ui.LayoutView]] = [
        ui.MediaGallery(item),
        ui.TextDisplay(f"**{shown_prompt(prompt)}**"),
        ui.TextDisplay(f"-# ⭐ <@{generation.origin.user_id}>"),
    ]
    if (link := picture_link(generation)) is not None:
        parts.append(ui.ActionRow(ui.Button(label=_("Open"), url=link)))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts, accent_colour=_GOLD))
    return view
