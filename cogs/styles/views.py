"""Styles as members see them: one with its images, and all in a list."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import discord
from discord import ui

from bot.i18n import _, ngettext, option_shown
from bot.picture.missing import Missing
from bot.picture.options import shown
from bot.picture.style import STYLE_CHOICES, Style
from cogs.ui.text import alt_text, cut, plain, shown_prompt

_FRAME_SHOWN: Final = 700  # characters; escaped, they leave room on the card for 8 notes and all options
_FRAME_LISTED: Final = 40
_LISTED_MAX: Final = 3900  # characters of a list, of the 4000 that Discord allows


def style_card(
    style: Style,
    files: Sequence[str | Missing],
    title: str,
    rows: Sequence[ui.ActionRow[ui.LayoutView]] = (),
) -> ui.LayoutView:
    """Return the card of a style; `files` show its images, or say why one doesn't."""
    shown = [
        discord.MediaGalleryItem(f"attachment://{file}", description=alt_text(image.note or style.name))
        for image, file in zip(style.content.images, files, strict=True)
        if not isinstance(file, Missing)
    ]
    gallery = [ui.MediaGallery[ui.LayoutView](*shown)] if shown else []
    lines = [title, f"> {shown_prompt(style.content.frame, _FRAME_SHOWN)}", *_options(style), *_images(style, files)]
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), *gallery, *rows))
    return view


def shared_words(style: Style, by_id: int | None) -> str:
    """Return the title of a style's card, with the member who shares it if one does."""
    name = plain(style.name)
    if by_id is not None:
        return _("**{style}**: a style that {member} shares", style=name, member=f"<@{by_id}>")
    return _("**{style}**: a style of this server", style=name) if style.is_servers else f"**{name}**"


def question_words(style: Style) -> str:
    """Return the question before a style is deleted."""
    name = plain(style.name)
    if style.is_servers:
        return _("Delete the server's style **{style}**? Pictures that were made with it stay.", style=name)
    return _("Delete your style **{style}**? Pictures that were made with it stay.", style=name)


def words_of(style: Style) -> str:
    """Return all words of a style that others would read."""
    return " ".join([style.name, style.content.frame, *(each.note for each in style.content.images)])


def styles_list(own: Sequence[Style], servers: Sequence[Style]) -> str:
    """Return the list of a member's styles and of the server's; a long one has no frames."""
    listed = _listed(own, servers, _line)
    return listed if len(listed) <= _LISTED_MAX else cut(_listed(own, servers, _short_line), _LISTED_MAX)


def _listed(own: Sequence[Style], servers: Sequence[Style], line: Callable[[Style], str]) -> str:
    lines = [_("**Your styles**"), *(map(line, own) if own else [_("None yet. `/style create` makes one.")])]
    if servers:
        lines += ["", _("**This server's styles**"), *map(line, servers)]
    lines += [
        "",
        _("-# Use one with `/imagine style:`, or write `style: {name}` at the end of your prompt.", name=_("name")),
    ]
    return "\n".join(lines)


def _line(style: Style) -> str:
    return f"{_short_line(style)} · {shown_prompt(style.content.frame, _FRAME_LISTED)}"


def _short_line(style: Style) -> str:
    count = len(style.content.images)
    images = [ngettext("{count} image", "{count} images", count)] if count else []
    return " · ".join([f"**{plain(style.name)}**", *images])


def _options(style: Style) -> Iterator[str]:
    chosen = {name: getattr(style.content.choices, name) for name in STYLE_CHOICES}
    words = [f"`{option_shown(name)}:{shown(value)}`" for name, value in chosen.items() if value is not None]
    if words:
        yield _("Options: {options}", options=" · ".join(words))


def _images(style: Style, files: Sequence[str | Missing]) -> Iterator[str]:
    for number, (image, file) in enumerate(zip(style.content.images, files, strict=True), start=1):
        note = plain(image.note) or _("no note")
        if isinstance(file, Missing):
            yield _("{number}. {note} (can't be shown: remove it and add it again)", number=number, note=note)
        else:
            yield f"{number}. {note}"
