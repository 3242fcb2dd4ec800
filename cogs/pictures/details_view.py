"""Everything that is known of a picture, on one private card."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import discord
from discord import ui
from discord.utils import format_dt

from bot.i18n import N_, _, and_list, ngettext, number
from bot.picture.generation import Derivation, Generation
from bot.picture.missing import Missing
from cogs.pictures.lineage_text import made_from, made_of_it
from cogs.ui.amounts import credits_words
from cogs.ui.cards import chosen, missed_size_words, with_source
from cogs.ui.text import alt_text, one_line, plain, shown_prompt

PROMPT_FILE: Final = "prompt.txt"
_NOT_SHOWN: Final = {
    Missing.GONE: N_("No longer stored: {images}"),
    Missing.DAMAGED: N_("Damaged: {images}"),
    Missing.AGE_RESTRICTED: N_("Shown in age-restricted channels only: {images}"),
    Missing.NOT_NOW: N_("Can't be shown right now: {images}"),
}
_PROMPT_MAX = 1000  # characters of a prompt on the card; a longer one comes as a file beside its beginning
_FRAME_SHOWN = 150
_RELATIVES_SHOWN = (12, 6, 4, 2)  # ancestors, and as many children: what the card has room for
_LINEAGE_MAX = 1900  # characters, of the 4000 that Discord allows on a card


@dataclass(frozen=True, slots=True)
class Details:
    """A picture with its ancestors, nearest first, the first of its children, and the files that show its images.

    An image whose bytes are not at hand has the reason in place of a file's name.
    """

    picture: Generation
    ancestors: Sequence[Generation]
    children: Sequence[Generation]
    child_count: int
    reference_files: Sequence[str | Missing]
    picture_file: str | Missing

    @property
    def prompt_in_file(self) -> bool:
        """Return True if the prompt is attached as `PROMPT_FILE`, since the card would cut or change it."""
        prompt = self.picture.request.prompt
        return len(prompt) > _PROMPT_MAX or "```" in prompt

    @property
    def before(self) -> str | None:
        """Return the file that shows what an edit was made from, if that and the result are both at hand."""
        parent, files = self.picture.parent, self.reference_files
        if parent is None or parent.derivation is not Derivation.EDIT or not files:
            return None
        return None if isinstance(files[0], Missing) or isinstance(self.picture_file, Missing) else files[0]


def details_card(details: Details, rows: Sequence[ui.ActionRow[ui.LayoutView]] = ()) -> ui.LayoutView:
    """Return the card, with `rows` of buttons below it."""
    parts = [*_prompt(details), *_before_and_after(details), ui.TextDisplay("\n".join(_facts(details.picture)))]
    if lineage := _lineage(details):
        parts.append(ui.TextDisplay(lineage))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts, *_references(details), *rows))
    return view


def _prompt(details: Details) -> list[ui.Item[ui.LayoutView]]:
    prompt = details.picture.request.prompt
    if details.prompt_in_file:
        return [ui.TextDisplay(f"**{shown_prompt(prompt)}**"), ui.File(f"attachment://{PROMPT_FILE}")]
    lines = "\n".join(map(one_line, prompt.splitlines()))
    return [ui.TextDisplay(f"```\n{lines}\n```")]


def _facts(picture: Generation) -> Iterator[str]:
    request = picture.request
    member, asked_at = f"<@{picture.origin.user_id}>", format_dt(picture.created_at, "f")
    yield _("Requested by {member}, {time}", member=member, time=asked_at)
    if (seconds := picture.seconds_taken) is not None:
        yield _("Time taken: {seconds} s", seconds=number(seconds, ".0f"))
    if picture.image_size is not None:
        yield _("Size: {size} pixels", size=picture.image_size)
    if picture.missed_size is not None:
        yield missed_size_words(picture)
    yield _("Seed: `{seed}`", seed=request.params.seed)
    if request.style is not None:
        name, frame = plain(request.style.name), shown_prompt(request.style.frame, _FRAME_SHOWN)
        line = _("Style: {style}, version {version}: {frame}", style=name, version=request.style.version, frame=frame)
        yield with_source(line, request.sources.get("style"))
    if picture.credits is not None:
        yield _("Cost: {credits}", credits=credits_words(picture.credits))
    if options := [*chosen(request), *_count(picture)]:
        yield _("Options: {options}", options=" · ".join(options))


def _count(picture: Generation) -> list[str]:
    """Return how many pictures were made together, if that wasn't typed."""
    source = picture.request.sources.get("count")
    if source is None or picture.batch is None:
        return []
    return [with_source(ngettext("{count} picture", "{count} pictures", picture.batch.size), source)]


def _lineage(details: Details) -> str:
    """Return the lines about ancestors and children, as many as there is room for."""
    for most in _RELATIVES_SHOWN:
        ancestors = made_from(details.picture, details.ancestors[:most])
        text = "\n".join([*ancestors, *made_of_it(details.children, details.child_count, most)])
        if len(text) <= _LINEAGE_MAX:
            break
    return text


def _before_and_after(details: Details) -> list[ui.Item[ui.LayoutView]]:
    if details.before is None or isinstance(details.picture_file, Missing):
        return []
    request = details.picture.request
    return [
        ui.MediaGallery(
            discord.MediaGalleryItem(f"attachment://{details.before}", description=_("Before")),
            discord.MediaGalleryItem(
                f"attachment://{details.picture_file}",
                description=alt_text(_("After: {prompt}", prompt=request.prompt)),
                spoiler=request.spoiler,
            ),
        )
    ]


def _references(details: Details) -> list[ui.Item[ui.LayoutView]]:
    """Return the reference images in their order; the first one of an edit is already above, as the image before."""
    numbered = [(f"image{number}", file) for number, file in enumerate(details.reference_files, start=1)]
    shown = [
        discord.MediaGalleryItem(f"attachment://{file}", description=name)
        for name, file in numbered
        if not isinstance(file, Missing) and file != details.before
    ]
    parts: list[ui.Item[ui.LayoutView]] = []
    if shown:
        parts += [ui.TextDisplay(_("Reference images, in order:")), ui.MediaGallery(*shown)]
    for missing, words in _NOT_SHOWN.items():
        if names := [f"`{name}`" for name, file in numbered if file is missing]:
            parts.append(ui.TextDisplay(_(words, images=and_list(names))))
    return parts
