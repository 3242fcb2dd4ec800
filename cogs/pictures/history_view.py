"""A page of a member's pictures, and the text if there are none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import discord
from discord import SelectOption, ui
from discord.utils import format_dt

from bot.picture.generation import Generation
from bot.picture.missing import Missing
from cogs.ui.cards import picture_link
from cogs.ui.text import alt_text, cut, one_line, plain

WORDS_MAX: Final = 50  # characters to look for, so that a page fits the 100 of a button's `custom_id`
PAGE_ID: Final = r"h:(?P<user>[0-9]{1,20}):(?P<number>[0-9]{1,9}):(?P<words>.{0,50})"
_PROMPT_SHOWN = 120
_WHY_NOT_SHOWN = {
    Missing.GONE: "not kept any more, and so not shown",
    Missing.DAMAGED: "damaged, and so not shown",
    Missing.NOT_NOW: "can't be shown right now",
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
        """Return what a button that turns to this page is known by."""
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
    parts: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(_title(page))]
    gallery = [
        discord.MediaGalleryItem(
            f"attachment://{file}", description=alt_text(picture.request.prompt), spoiler=picture.request.spoiler
        )
        for picture, file in zip(page.pictures, page.files, strict=True)
        if not isinstance(file, Missing)
    ]
    if gallery:
        parts.append(ui.MediaGallery(*gallery))
    parts.append(ui.TextDisplay("\n".join(_lines(page))))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts, *rows))
    return view


def options_of(pictures: Sequence[Generation]) -> list[SelectOption]:
    """Return the pictures of a page as choices of a menu, numbered like their lines."""
    return [
        SelectOption(label=cut(f"{number}. {one_line(picture.request.prompt)}", _LABEL_MAX), value=picture.id.hex)
        for number, picture in enumerate(pictures, start=1)
    ]


def nothing_found(asked: PageAsked, *, own: bool) -> str:
    """Return what to say where there is no picture to show."""
    whose = "You have" if own else f"<@{asked.user_id}> has"
    if asked.words:
        return f"{whose} no picture here with **{plain(asked.words)}** in its prompt. Try fewer words, or none."
    return f"{whose} no pictures here yet." + (" Type `/imagine` to draw the first." if own else "")


def _title(page: PageShown) -> str:
    whose = "Your pictures" if page.own else f"Pictures of <@{page.asked.user_id}>"
    title = f"**{whose} here**"
    if page.asked.words:
        title += f" with **{plain(page.asked.words)}**"
    return f"{title}\n-# {page.count} in all · page {page.asked.number + 1} of {page.pages} · newest first"


def _lines(page: PageShown) -> Iterator[str]:
    for number, (picture, file) in enumerate(zip(page.pictures, page.files, strict=True), start=1):
        prompt = plain(cut(one_line(picture.request.prompt), _PROMPT_SHOWN))
        words = [
            format_dt(picture.created_at, "R"),
            f"seed `{picture.request.params.seed}`",
            _where(picture, own=page.own),
        ]
        if isinstance(file, Missing):
            words.append(_why_not_shown(picture, file))
        yield f"**{number}.** {prompt}\n-# {' · '.join(words)}"


def _why_not_shown(picture: Generation, missing: Missing) -> str:
    if picture.unsaved_since is not None:
        return "not saved yet, and so not shown"
    return _WHY_NOT_SHOWN[missing]


def _where(picture: Generation, *, own: bool) -> str:
    link = picture_link(picture)
    if picture.request.private or link is None:
        return "private"
    if picture.was_sent_directly and not own:
        return "in direct messages"
    return f"[go to it]({link})"
