"""Everything that is known of a picture, on one private card."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import discord
from discord import ui
from discord.utils import format_dt

from bot.picture.generation import Generation
from bot.picture.missing import Missing
from cogs.pictures.command_line import command_line, to_attach
from cogs.ui.amounts import credits_words
from cogs.ui.cards import DERIVATION_NAMES, chosen, missed_size_words, picture_link
from cogs.ui.text import one_line, shown_prompt

LINE_FILE: Final = "imagine.txt"
_NOT_SHOWN: Final = {
    Missing.GONE: "Not kept any more, and so not shown",
    Missing.DAMAGED: "Damaged, and so not shown",
    Missing.NOT_NOW: "Can't be shown right now",
}
_TEXT_MAX = 4000  # Discord's bound for all words on one card together
_LINE_MARGIN = 200  # of those, for the note about the line


@dataclass(frozen=True, slots=True)
class Details:
    """A picture with its ancestors, nearest first, and the files that show its references.

    A reference whose bytes are not at hand has the reason in place of a file's name.
    """

    picture: Generation
    ancestors: Sequence[Generation]
    reference_files: Sequence[str | Missing]


@dataclass(frozen=True, slots=True)
class DetailsCard:
    """The card, and the words that have to be attached to it as `LINE_FILE`, if any."""

    view: ui.LayoutView
    line_file: str | None


def details_card(details: Details) -> DetailsCard:
    """Return the card; the line that makes the picture again is on it, or in a file where a card would change it."""
    words = "\n".join(_facts(details.picture))
    lineage = "\n".join(_lineage(details))
    title = f"**{shown_prompt(details.picture.request.prompt, 600)}**"
    parts: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(text) for text in (title, words, lineage) if text]
    parts += _references(details)
    line = command_line(details.picture.request)
    room = _TEXT_MAX - _LINE_MARGIN - sum(len(part.content) for part in parts if isinstance(part, ui.TextDisplay))
    as_file = len(line) > room or "`" in line or one_line(line) != line
    parts += _again(details.picture, None if as_file else line)
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts))
    return DetailsCard(view, line if as_file else None)


def _facts(picture: Generation) -> Iterator[str]:
    request = picture.request
    yield f"Asked for by <@{picture.origin.user_id}>, {format_dt(picture.created_at, 'f')}"
    if picture.finished_at is not None:
        yield f"Took {picture.seconds_taken:.0f} s, done {format_dt(picture.finished_at, 'R')}"
    if picture.image_size is not None:
        yield f"{picture.image_size} pixels"
    if picture.missed_size is not None:
        yield missed_size_words(picture)
    yield f"Seed `{request.params.seed}`"
    if picture.credits is not None:
        yield f"Cost {credits_words(picture.credits)}"
    covers = [word for word, holds in (("private", request.private), ("spoiler", request.spoiler)) if holds]
    yield f"Chosen: {' · '.join([*chosen(request), *covers]) or 'nothing beside the words'}"


def _lineage(details: Details) -> Iterator[str]:
    """Return a line for each picture that this one comes from."""
    child = details.picture
    for ancestor in details.ancestors:
        if child.parent is not None:
            yield f"↑ {DERIVATION_NAMES[child.parent.derivation]}: {_ancestor(ancestor)}"
        child = ancestor
    if child.parent is not None:
        yield "↑ and further back"


def _ancestor(ancestor: Generation) -> str:
    if ancestor.deleted_at is not None:
        return "a picture that was deleted"
    if ancestor.request.private:
        return "a private picture"
    if ancestor.was_sent_directly:
        return "a picture in direct messages"
    link = picture_link(ancestor)
    if link is None:
        return "a try that failed"
    return f"[this picture]({link}), seed `{ancestor.request.params.seed}`, {format_dt(ancestor.created_at, 'R')}"


def _references(details: Details) -> list[ui.Item[ui.LayoutView]]:
    numbered = [(f"image{number}", file) for number, file in enumerate(details.reference_files, start=1)]
    shown = [
        discord.MediaGalleryItem(f"attachment://{file}", description=name)
        for name, file in numbered
        if not isinstance(file, Missing)
    ]
    parts: list[ui.Item[ui.LayoutView]] = []
    if shown:
        parts += [ui.TextDisplay("Reference images, in their order:"), ui.MediaGallery(*shown)]
    for missing, words in _NOT_SHOWN.items():
        if names := [f"`{name}`" for name, file in numbered if file is missing]:
            parts.append(ui.TextDisplay(f"{words}: {', '.join(names)}"))
    return parts


def _again(picture: Generation, line: str | None) -> list[ui.Item[ui.LayoutView]]:
    images = to_attach(picture.request)
    how = f"Make it again, with the reference images attached as {images}:" if images else "Make it again:"
    if line is None:
        return [ui.TextDisplay(how), ui.File(f"attachment://{LINE_FILE}")]
    return [ui.TextDisplay(f"{how}\n```\n{line}\n```")]
