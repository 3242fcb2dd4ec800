"""A sentence or two in a card of their own, for one person's eyes."""

from collections.abc import Sequence

import discord
from discord import ui

from cogs.ui.text import CARD_TEXT_MAX, cut


def note(words: str, rows: Sequence[ui.ActionRow[ui.LayoutView]] = ()) -> ui.LayoutView:
    """Return a card that says `words`, in Discord's markdown, with `rows` of buttons below them."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(cut(words, CARD_TEXT_MAX)), *rows))
    return view


def hint(words: str) -> ui.LayoutView:
    """Return a card that explains something to one person while their request goes on."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(words), accent_colour=discord.Colour.blurple()))
    return view
