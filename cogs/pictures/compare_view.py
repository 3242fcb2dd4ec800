"""Before and after of a picture, on one private card."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import discord
from discord import ui

from bot.i18n import N_, _, changed
from bot.picture.generation import Generation
from bot.picture.missing import Missing
from cogs.ui.cards import picture_link
from cogs.ui.text import alt_text
from cogs.ui.word_diff import word_diff

_WORDS_MAX: Final = 3000  # of the 4000 characters that Discord allows on a card
_BEFORE_MISSING: Final = {
    Missing.GONE: N_("The original picture is no longer stored, or you can't see it."),
    Missing.DAMAGED: N_("The original picture is damaged."),
    Missing.AGE_RESTRICTED: N_("The original picture is only shown in age-restricted channels."),
    Missing.NOT_NOW: N_("The original picture can't be shown right now."),
}
_AFTER_MISSING: Final = {
    Missing.GONE: N_("The new picture is no longer stored."),
    Missing.DAMAGED: N_("The new picture is damaged."),
    Missing.AGE_RESTRICTED: N_("The new picture is only shown in age-restricted channels."),
    Missing.NOT_NOW: N_("The new picture can't be shown right now."),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A picture and the one before it, the files that show them or why there is none, and the prompt before if known.

    The prompt is None if the picture before was deleted, or isn't for this person.
    """

    after: Generation
    before: Generation
    before_file: str | Missing
    after_file: str | Missing
    words_before: str | None


def comparison_card(comparison: Comparison) -> ui.LayoutView:
    """Return the card: a gallery of both pictures, and the words that changed."""
    parts: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(_("**Before and after**"))]
    if items := list(_items(comparison)):
        parts.append(ui.MediaGallery(*items))
    if isinstance(comparison.before_file, Missing):
        parts.append(ui.TextDisplay(_(_BEFORE_MISSING[comparison.before_file])))
    if isinstance(comparison.after_file, Missing):
        parts.append(ui.TextDisplay(_(_AFTER_MISSING[comparison.after_file])))
    parts.append(ui.TextDisplay("\n".join(_words(comparison))))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts))
    return view


def _items(comparison: Comparison) -> Iterator[discord.MediaGalleryItem]:
    before, after = comparison.before.request, comparison.after.request
    if not isinstance(comparison.before_file, Missing):
        yield discord.MediaGalleryItem(
            f"attachment://{comparison.before_file}", description=_("Before"), spoiler=before.spoiler
        )
    if not isinstance(comparison.after_file, Missing):
        yield discord.MediaGalleryItem(
            f"attachment://{comparison.after_file}",
            description=alt_text(_("After: {prompt}", prompt=after.prompt)),
            spoiler=after.spoiler,
        )


def _words(comparison: Comparison) -> Iterator[str]:
    """Yield what became of the prompt, of the size, and where the picture before stands."""
    if comparison.words_before is None:
        yield _("I can't compare the prompts, because the one before isn't stored or isn't for you.")
        return
    words = word_diff(comparison.words_before, comparison.after.request.prompt, _WORDS_MAX)
    yield _("The prompt is the same.") if words is None else words
    old, new = comparison.before.image_size, comparison.after.image_size
    if old is not None and new is not None and old != new:
        yield _("-# Size: {sizes} pixels", sizes=changed(str(old), str(new)))
    link = None if comparison.before.request.private else picture_link(comparison.before)
    if link is not None:
        yield _("-# Before: [this picture]({link})", link=link)
