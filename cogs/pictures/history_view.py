"""A page of a member's pictures, one of them by itself, and the text if there are none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import discord
from discord import SelectOption, ui
from discord.utils import format_dt

from bot.i18n import N_, _, ngettext
from bot.picture.generation import Generation
from bot.picture.missing import Missing
from bot.picture.price import PriceOf
from cogs.ui.cards import picture_link
from cogs.ui.prices import larger_price_words
from cogs.ui.text import alt_text, cut, one_line, plain, shown_prompt

WORDS_MAX: Final = 50  # characters to look for, so that a page fits the 100 of a button's `custom_id`
PAGE_ID: Final = r"h:(?P<user>[0-9]{1,20}):(?P<number>[0-9]{1,9}):(?P<words>.{0,50})"
_PROMPT_SHOWN = 120
_WHY_NOT_SHOWN: Final = {
    Missing.GONE: N_("image no longer stored"),
    Missing.DAMAGED: N_("image damaged"),
    Missing.NOT_NOW: N_("image can't be shown right now"),
}
_LABEL_MAX = 100  # Discord's bound for the options of a menu


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page of whose pictures is asked for; `number` counts from 0, and `words` are one line."""

    user_id: int
    number: int = 0
    words: str = ""

    @property
    def custom_id(self) -> str:
        """Return the id of a button that turns to this page."""
        return f"h:{self.user_id}:{self.number}:{self.words}"

    def turned_by(self, pages: int) -> Self:
        """Return a page this many steps further on."""
        return replace(self, number=self.number + pages)


@dataclass(frozen=True, slots=True)
class PageShown:
    """A page of pictures, how many there are in all, and the file that shows each, or why none does."""

    asked: PageAsked
    pages: int
    count: int
    pictures: Sequence[Generation]
    files: Sequence[str | Missing]
    own: bool


def history_card(page: PageShown, rows: Sequence[ui.ActionRow[ui.LayoutView]]) -> ui.LayoutView:
    """Return the card with a page, and `rows` that turn it and choose from it."""
    shown = [
        _item(picture, file)
        for picture, file in zip(page.pictures, page.files, strict=True)
        if not isinstance(file, Missing)
    ]
    gallery = [ui.MediaGallery[ui.LayoutView](*shown)] if shown else []
    return _card(ui.TextDisplay(_title(page)), *gallery, ui.TextDisplay("\n".join(_lines(page))), *rows)


def chosen_card(
    picture: Generation, file: str | Missing, price_of: PriceOf, row: ui.ActionRow[ui.LayoutView]
) -> ui.LayoutView:
    """Return the card with one picture and a row of buttons."""
    words = [format_dt(picture.created_at, "R"), _seed(picture)]
    if isinstance(file, Missing):
        words.append(_why_not_shown(picture, file))
    words += larger_price_words(picture, price_of)
    gallery = [] if isinstance(file, Missing) else [ui.MediaGallery[ui.LayoutView](_item(picture, file))]
    title = ui.TextDisplay[ui.LayoutView](f"**{shown_prompt(picture.request.prompt)}**")
    return _card(title, *gallery, ui.TextDisplay(f"-# {' · '.join(words)}"), row)


def options_of(pictures: Sequence[Generation]) -> list[SelectOption]:
    """Return the pictures of a page as choices of a menu, numbered like their lines."""
    return [
        SelectOption(label=cut(f"{number}. {one_line(picture.request.prompt)}", _LABEL_MAX), value=picture.id.hex)
        for number, picture in enumerate(pictures, start=1)
    ]


def nothing_found(asked: PageAsked, *, own: bool) -> str:
    """Return the text where there is no picture to show."""
    member, words = f"<@{asked.user_id}>", plain(asked.words)
    match own, bool(asked.words):
        case True, True:
            return _("You have no pictures here with **{words}** in the prompt. Try fewer words.", words=words)
        case True, False:
            return _("You have no pictures here yet. Use `/imagine` to make your first one.")
        case False, True:
            return _(
                "{member} has no pictures here with **{words}** in the prompt. Try fewer words.",
                member=member,
                words=words,
            )
        case _other:
            return _("{member} has no pictures here yet.", member=member)


def link_for(picture: Generation, *, own: bool) -> str | None:
    """Return the link to a picture's message for a member who can open it, else None."""
    if picture.request.private or (picture.was_sent_directly and not own):
        return None
    return picture_link(picture)


def _title(page: PageShown) -> str:
    member, words = f"<@{page.asked.user_id}>", plain(page.asked.words)
    match page.own, bool(page.asked.words):
        case True, True:
            title = _("**Your pictures here with {words}**", words=words)
        case True, False:
            title = _("**Your pictures here**")
        case False, True:
            title = _("**Pictures by {member} here with {words}**", member=member, words=words)
        case _other:
            title = _("**Pictures by {member} here**", member=member)
    footer = [
        ngettext("{count:,} picture", "{count:,} pictures", page.count),
        _("page {number} of {pages}", number=page.asked.number + 1, pages=page.pages),
        _("newest first"),
    ]
    return f"{title}\n-# {' · '.join(footer)}"


def _lines(page: PageShown) -> Iterator[str]:
    for number, (picture, file) in enumerate(zip(page.pictures, page.files, strict=True), start=1):
        prompt = shown_prompt(picture.request.prompt, _PROMPT_SHOWN)
        words = [format_dt(picture.created_at, "R"), _seed(picture), _where(picture, own=page.own)]
        if isinstance(file, Missing):
            words.append(_why_not_shown(picture, file))
        yield f"**{number}.** {prompt}\n-# {' · '.join(words)}"


def _seed(picture: Generation) -> str:
    return _("seed `{seed}`", seed=picture.request.params.seed)


def _why_not_shown(picture: Generation, missing: Missing) -> str:
    return _("image not saved yet") if picture.unsaved_since is not None else _(_WHY_NOT_SHOWN[missing])


def _where(picture: Generation, *, own: bool) -> str:
    if link := link_for(picture, own=own):
        return _("[show]({link})", link=link)
    return _("in direct messages") if picture.was_sent_directly and not picture.request.private else _("private")


def _item(picture: Generation, file: str) -> discord.MediaGalleryItem:
    description = alt_text(picture.request.prompt)
    return discord.MediaGalleryItem(f"attachment://{file}", description=description, spoiler=picture.request.spoiler)


def _card(*parts: ui.Item[ui.LayoutView]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts))
    return view
