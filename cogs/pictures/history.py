"""`/history`: the pictures that a member made here, to look at and to use again."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import discord
from discord import SelectOption, app_commands, ui
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.generation.library import PictureLibrary, PictureUnknown
from bot.i18n import _
from bot.picture.generation import Generation
from bot.picture.history_filter import HistoryFilter
from bot.picture.missing import Missing
from bot.picture.price import PriceOf
from bot.picture.style import NAME_MAX
from bot.styles.styles import Styles
from cogs.pictures.delete import may_delete
from cogs.pictures.download import DownloadButton, Downloads
from cogs.pictures.history_access import check_filter
from cogs.pictures.history_view import (
    PAGE_ID,
    WORDS_MAX,
    PageAsked,
    PageShown,
    chosen_card,
    history_card,
    link_for,
    nothing_found,
    options_of,
)
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.persistent import PersistentItem, cog_of
from cogs.shared.picture_buttons import find_here, may_show, picture_items, rows_of
from cogs.shared.places import MessagePlace
from cogs.shared.style_choices import style_choices
from cogs.ui.notes import note
from cogs.ui.picture_buttons import history_buttons
from cogs.ui.text import one_line


class History(commands.Cog):
    """Shows pages of pictures, and each of them by itself."""

    def __init__(self, library: PictureLibrary, downloads: Downloads, styles: Styles, price_of: PriceOf) -> None:
        self._styles = styles
        self._downloads = downloads
        self._price_of = price_of
        self._library = library

    @app_commands.command()
    @app_commands.describe(
        words="Only pictures with these words in the prompt",
        favourites="Only the pictures that you keep with ⭐, by anyone",
        channel="Only pictures from this channel or thread",
        days="Only pictures of the last days",
        style="Only pictures in this style",
        download="Get the pictures and how they were made as a zip file",
        member="For moderators: show another member's pictures",
    )
    async def history(
        self,
        interaction: ImagineInteraction,
        words: Range[str, 1, WORDS_MAX] | None = None,
        favourites: bool = False,
        channel: MessagePlace | None = None,
        days: int | None = None,
        style: Range[str, 1, NAME_MAX] | None = None,
        download: bool = False,
        member: discord.User | None = None,
    ) -> None:
        """Show the pictures that you made or keep on this server."""
        user_id = (member or interaction.user).id
        asked = HistoryFilter(user_id, favourites, channel, days, one_line(words or ""))
        check_filter(interaction, asked)
        await defer(interaction)
        if style is not None:
            found = await self._styles.find(style, interaction.user.id, origin_of(interaction).server_key)
            asked = replace(asked, style_id=found.id, style=found.name)
        if download:
            await self._downloads.send(interaction, asked, 0)
        else:
            await self.show_page(interaction, PageAsked(asked))

    @history.autocomplete("style")
    async def _complete_style(self, interaction: ImagineInteraction, typed: str) -> list[Choice[str]]:
        user_id = interaction.user.id
        return style_choices(self._styles.names.usable(user_id, origin_of(interaction).server_key), typed, user_id)

    async def show_page(self, interaction: ImagineInteraction, asked: PageAsked) -> None:
        """Put a page into the place of a deferred answer; private pictures only to their member."""
        own = interaction.user.id == asked.filter.user_id
        server_key = origin_of(interaction).server_key
        page = await self._library.history(server_key, asked.filter, asked.number, viewer_id=interaction.user.id)
        if not page.count:
            await show(interaction, note(nothing_found(asked.filter, own=own)))
            return
        keys = [each.image_key if may_show(interaction.channel, each) else None for each in page.pictures]
        async with self._library.thumbnails(keys) as thumbnails:
            names = [
                _name_of(thumbnail) if may_show(interaction.channel, picture) else Missing.AGE_RESTRICTED
                for picture, thumbnail in zip(page.pictures, thumbnails, strict=True)
            ]
            named = replace(asked.filter, style=_style_of(page.pictures)) if asked.filter.style_id else asked.filter
            shown = PageShown(PageAsked(named, page.number), page.pages, page.count, page.pictures, names, own)
            await show(
                interaction,
                history_card(shown, _rows(shown)),
                lambda: [discord.File(each, each.name) for each in thumbnails if not isinstance(each, Missing)],
            )

    async def show_chosen(self, interaction: ImagineInteraction, generation_id: UUID) -> None:
        """Show one picture with its buttons privately."""
        generation = await find_here(self._library, interaction, generation_id)
        await defer(interaction)
        async with self._library.thumbnails([generation.image_key]) as [thumbnail]:
            await show(
                interaction,
                chosen_card(generation, _name_of(thumbnail), self._price_of, self._buttons(interaction, generation)),
                lambda: [] if isinstance(thumbnail, Missing) else [discord.File(thumbnail, thumbnail.name)],
            )

    def _buttons(self, interaction: ImagineInteraction, generation: Generation) -> list[ui.ActionRow[ui.LayoutView]]:
        items: list[ui.Item[Any]] = []
        if link := link_for(generation, own=interaction.user.id == generation.origin.user_id):
            items.append(ui.Button(label=_("Open"), url=link))
        buttons = history_buttons(generation, may_delete=may_delete(interaction, generation))
        return rows_of([*items, *picture_items(generation, buttons)])


class PageButton(PersistentItem[ui.Button[ui.LayoutView]], template=PAGE_ID):
    """A button that turns to a page: it knows the page, so that it outlives restarts."""

    def __init__(self, asked: PageAsked, emoji: str | None = None) -> None:
        super().__init__(ui.Button(emoji=emoji, custom_id=asked.custom_id))
        self._asked = asked

    @classmethod
    async def from_custom_id(cls, _i: discord.Interaction, _b: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(PageAsked.parse(match))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page in place of the one before."""
        check_filter(interaction, self._asked.filter)
        await defer(interaction, thinking=False)
        await cog_of(interaction, History).show_page(interaction, self._asked)


class PictureMenu(PersistentItem[ui.Select[ui.LayoutView]], template="history"):
    """A menu of a page's pictures; the chosen one is shown with its buttons, and nothing is spent."""

    def __init__(self, options: list[SelectOption]) -> None:
        super().__init__(ui.Select(custom_id="history", placeholder=_("Choose a picture"), options=options))

    @classmethod
    async def from_custom_id(cls, _i: discord.Interaction, menu: ui.Item[ui.LayoutView], _m: re.Match[str], /) -> Self:
        """Return the menu that was chosen from."""
        return cls(menu.options if isinstance(menu, ui.Select) else [])

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Show the chosen picture privately."""
        await cog_of(interaction, History).show_chosen(interaction, _picture_id(self.item.values))


def _name_of(thumbnail: Path | Missing) -> str | Missing:
    return thumbnail if isinstance(thumbnail, Missing) else thumbnail.name


def _picture_id(values: Sequence[str]) -> UUID:
    """Return the id of the chosen picture; raise `PictureUnknown` if it's invalid."""
    try:
        return UUID(hex=values[0])
    except (ValueError, IndexError):
        raise PictureUnknown from None


def _style_of(pictures: Sequence[Generation]) -> str:
    """Return the name of the style that pictures of one style remember."""
    return next((each.request.style.name for each in pictures if each.request.style is not None), "")


def _rows(page: PageShown) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return the menu, and the buttons to the pages before and after, where there are such, and to download."""
    menu: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    menu.add_item(PictureMenu(options_of(page.pictures)))
    turning: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    if page.asked.number > 0:
        turning.add_item(PageButton(page.asked.turned_by(-1), "◀️"))
    if page.asked.number + 1 < page.pages:
        turning.add_item(PageButton(page.asked.turned_by(1), "▶️"))
    turning.add_item(DownloadButton(PageAsked(page.asked.filter)))
    return [menu, turning]
