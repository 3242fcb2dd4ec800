"""A page of a member's pictures, one of them by itself, and the text if there are none."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import discord
from discord import SelectOption, ui
from discord.utils import format_dt

from bot.i18n import N_, _, ngettext
from bot.picture.generation import Generation
from bot.picture.history_filter import DAYS_MAX, HistoryFilter
from bot.picture.missing import Missing
from bot.picture.price import PriceOf
from cogs.ui.cards import picture_link
from cogs.ui.prices import larger_price_words
from cogs.ui.text import alt_text, cut, one_line, person, plain, shown_prompt

WORDS_MAX: Final = 40  # characters to look for, so that a page fits the 100 of a button's `custom_id`
_FILTER_ID: Final = (
    r"(?P<kept>f?):(?P<channel>[0-9a-f]{0,16}):(?P<days>[0-9]{0,4}):(?P<style>[0-9a-f]{0,9}):(?P<words>.{0,40})"
)
PAGE_ID: Final = rf"h:(?P<user>[0-9a-f]{{1,16}}):(?P<number>[0-9]{{1,5}}):{_FILTER_ID}"
DOWNLOAD_ID: Final = rf"z:(?P<user>[0-9a-f]{{1,16}}):(?P<number>[0-9]{{1,6}}):{_FILTER_ID}"
_PROMPT_SHOWN = 120
_WHY_NOT_SHOWN: Final = {
    Missing.GONE: N_("image no longer stored"),
    Missing.DAMAGED: N_("image damaged"),
    Missing.AGE_RESTRICTED: N_("image only shown in age-restricted channels"),
    Missing.NOT_NOW: N_("image can't be shown right now"),
}
_ID_MAX = 2**63 - 1
_STYLE_ID_MAX = 2**31 - 1
_LABEL_MAX = 100  # Discord's bound for the options of a menu


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page is asked for of the pictures that a filter leaves; `number` counts from 0."""

    filter: HistoryFilter
    number: int = 0

    @property
    def custom_id(self) -> str:
        """Return the id of a button that turns to this page; a new part of the filter is one more here."""
        return f"h:{self._place}"

    @property
    def download_id(self) -> str:
        """Return the id of a button that downloads from the picture of this number on."""
        return f"z:{self._place}"

    @property
    def _place(self) -> str:
        f = self.filter
        kept = "f" if f.favourites else ""
        channel = "" if f.channel_id is None else f"{f.channel_id:x}"
        style = "" if f.style_id is None else f"{f.style_id:x}"
        return f"{f.user_id:x}:{self.number}:{kept}:{channel}:{f.days or ''}:{style}:{f.words}"

    @classmethod
    def parse(cls, match: re.Match[str]) -> Self:
        """Return what a button's id says; an id beyond the database's numbers names nobody and no channel."""
        channel_id = min(int(match["channel"], 16), _ID_MAX) if match["channel"] else None
        days = min(int(match["days"]), DAYS_MAX) if match["days"] else None
        user_id = min(int(match["user"], 16), _ID_MAX)
        style_id = min(int(match["style"], 16), _STYLE_ID_MAX) if match["style"] else None
        asked = HistoryFilter(user_id, bool(match["kept"]), channel_id, days, match["words"], style_id)
        return cls(asked, int(match["number"]))

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
    picture: Generation, file: str | Missing, price_of: PriceOf, rows: Sequence[ui.ActionRow[ui.LayoutView]]
) -> ui.LayoutView:
    """Return the card with one picture and rows of buttons."""
    words = [format_dt(picture.created_at, "R"), _seed(picture)]
    if isinstance(file, Missing):
        words.append(_why_not_shown(picture, file))
    words += larger_price_words(picture, price_of)
    gallery = [] if isinstance(file, Missing) else [ui.MediaGallery[ui.LayoutView](_item(picture, file))]
    title = ui.TextDisplay[ui.LayoutView](f"**{shown_prompt(picture.request.prompt)}**")
    return _card(title, *gallery, ui.TextDisplay(f"-# {' · '.join(words)}"), *rows)


def options_of(pictures: Sequence[Generation]) -> list[SelectOption]:
    """Return the pictures of a page as choices of a menu, numbered like their lines."""
    return [
        SelectOption(label=cut(f"{number}. {one_line(picture.request.prompt)}", _LABEL_MAX), value=picture.id.hex)
        for number, picture in enumerate(pictures, start=1)
    ]


def nothing_found(asked: HistoryFilter, *, own: bool) -> str:
    """Return the text where there is no picture to show."""
    if asked == HistoryFilter(asked.user_id, favourites=True):
        return _("You have no favourites here yet. ⭐ below a picture, or behind **⋯ More**, keeps it.")
    if asked.is_narrow:
        return _("No pictures here with: {filter}. Try a wider filter.", filter=filter_words(asked))
    if own:
        return _("You have no pictures here yet. Use `/imagine` to make your first one.")
    return _("{member} has no pictures here yet.", member=f"<@{asked.user_id}>")


def filter_words(asked: HistoryFilter) -> str:
    """Return the parts of a filter as members read them; a new part is one more here."""
    words = []
    if asked.favourites:
        words.append(_("⭐ favourites"))
    if asked.channel_id is not None:
        words.append(f"<#{asked.channel_id}>")
    if asked.days is not None:
        words.append(ngettext("the last {count} day", "the last {count} days", asked.days))
    if asked.style_id is not None:
        words.append(_("style **{style}**", style=plain(asked.style)) if asked.style else _("one style"))
    if asked.words:
        words.append(_("words **{words}**", words=plain(asked.words)))
    return " · ".join(words)


def link_for(picture: Generation, *, own: bool) -> str | None:
    """Return the link to a picture's message for a member who can open it, else None."""
    if picture.request.private or (picture.was_sent_directly and not own):
        return None
    return picture_link(picture)


def _title(page: PageShown) -> str:
    asked = page.asked.filter
    if asked.favourites:
        title = _("**Your favourites here**")
    elif page.own:
        title = _("**Your pictures here**")
    else:
        title = _("**Pictures by {member} here**", member=f"<@{asked.user_id}>")
    rest = filter_words(replace(asked, favourites=False))
    footer = [
        *([rest] if rest else []),
        ngettext("{count:,} picture", "{count:,} pictures", page.count),
        _("page {number} of {pages}", number=page.asked.number + 1, pages=page.pages),
        _("newest first"),
    ]
    return f"{title}\n-# {' · '.join(footer)}"


def _lines(page: PageShown) -> Iterator[str]:
    for number, (picture, file) in enumerate(zip(page.pictures, page.files, strict=True), start=1):
        prompt = shown_prompt(picture.request.prompt, _PROMPT_SHOWN)
        author, asked = picture.origin.user_id, page.asked.filter
        own = page.own and author == asked.user_id
        words = [format_dt(picture.created_at, "R"), _seed(picture), _where(picture, own=own)]
        if author != asked.user_id:
            words.insert(0, person(author))
        if isinstance(file, Missing):
            words.append(_why_not_shown(picture, file))
        yield f"**{number}.** {prompt}\n-# {' · '.join(words)}"


def _seed(picture: Generation) -> str:
    return _("seed `{seed}`", seed=picture.request.params.seed)


def _why_not_shown(picture: Generation, missing: Missing) -> str:
    return _("image not saved yet") if picture.unsaved_since is not None else _(_WHY_NOT_SHOWN[missing])


def _where(picture: Generation, *, own: bool) -> str:
    if link := link_for(picture, own=own):
        return _("[Open]({link})", link=link)
    return _("in direct messages") if picture.was_sent_directly and not picture.request.private else _("private")


def _item(picture: Generation, file: str) -> discord.MediaGalleryItem:
    description = alt_text(picture.request.prompt)
    return discord.MediaGalleryItem(f"attachment://{file}", description=description, spoiler=picture.request.spoiler)


def _card(*parts: ui.Item[ui.LayoutView]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts))
    return view
