"""The card with a downloaded archive, and its progress before."""

from collections.abc import Iterator, Sequence
from typing import Final

from discord import ui

from bot.generation.history_archive import ArchivePart
from bot.i18n import _, ngettext
from bot.picture.history_filter import HistoryFilter
from cogs.pictures.history_view import filter_words

ARCHIVE: Final = "pictures.zip"


def progress_words(done: int, of: int) -> str:
    """Return how many files are packed."""
    return _("Packing your pictures: {done} of {of} files", done=done, of=of) if of else _("Packing your pictures…")


def part_card(part: ArchivePart, asked: HistoryFilter, rows: Sequence[ui.ActionRow[ui.LayoutView]]) -> ui.LayoutView:
    """Return the card with the archive, which is attached as `ARCHIVE`, and `rows` below it."""
    words: ui.TextDisplay[ui.LayoutView] = ui.TextDisplay("\n".join(_lines(part, asked)))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(words, ui.File(f"attachment://{ARCHIVE}"), *rows))
    return view


def _lines(part: ArchivePart, asked: HistoryFilter) -> Iterator[str]:
    first, last = part.first + 1, part.after
    if first == last:
        yield _("**Picture {first} of {total}**", first=first, total=part.total)
    else:
        yield _("**Pictures {first} to {last} of {total}**, oldest first", first=first, last=last, total=part.total)
    if asked.is_narrow:
        yield f"-# {filter_words(asked)}"
    yield _("`pictures.json` says how each was made.")
    if part.gone:
        yield ngettext(
            "{count} image is missing because it's no longer stored.",
            "{count} images are missing because they're no longer stored.",
            part.gone,
        )
    if part.too_large:
        yield ngettext(
            "{count} image is missing because it's too large for Discord. The bot's operator has it.",
            "{count} images are missing because they're too large for Discord. The bot's operator has them.",
            part.too_large,
        )
    if not part.is_last:
        yield _("**Next part** has the pictures after these, because Discord limits the size of a file.")
