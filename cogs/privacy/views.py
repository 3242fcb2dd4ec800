"""The messages of `/privacy`: the export's contents, a deletion's effects, and its result."""

from collections.abc import Iterator, Sequence
from typing import Final

from discord import ui

from bot.privacy.results import LEDGER_KEPT_FOR, ErasureResult, Export

QUESTION: Final = (
    "**Delete everything that I keep of you, in all servers?**\n"
    "It goes: your prompts, choices and reference images, your pictures with their files, what you were refused, and "
    "my messages with your pictures, as far as I can reach them. Pictures that wait for their turn are cancelled and "
    "refunded. One that is being drawn is paid for: it is finished, and goes then.\n"
    f"It stays: when there was a picture and what it cost, since limits and bills are counted from that. For "
    f"{LEDGER_KEPT_FOR.days} days it stays under your name, so that nobody begins anew by deleting themselves, and "
    "then under nobody's. Limits and blocks that moderators set for you stay while they hold. Pictures that others "
    "made from yours are theirs.\n"
    "This cannot be taken back. If you want a copy, type `/privacy export` first."
)


def export_name(export: Export) -> str:
    """Return what the attached file is called."""
    return "everything.zip" if export.parts == 1 else f"everything-{export.number}-of-{export.parts}.zip"


def export_card(export: Export) -> ui.LayoutView:
    """Return the card with the file, which is attached under `export_name`."""
    view = ui.LayoutView(timeout=None)
    words: ui.TextDisplay[ui.LayoutView] = ui.TextDisplay("\n".join(_export_lines(export)))
    view.add_item(ui.Container(words, ui.File(f"attachment://{export_name(export)}")))
    return view


def _export_lines(export: Export) -> Iterator[str]:
    if export.parts == 1:
        yield "**Everything that I keep of you**, from all servers."
    else:
        yield f"**Everything that I keep of you**, from all servers: part {export.number} of {export.parts}."
    if export.number < export.parts:
        yield f"Discord takes no larger file. Type `/privacy export part:{export.number + 1}` for the next part."
    if export.gone:
        yield f"{_images(export.gone)} missing, because I do not keep the bytes any more."
    if export.too_large:
        yield (
            f"{_images(export.too_large)} missing, because Discord takes no file as large as that from me here. "
            "Whoever runs this bot can give you those."
        )


def done_words(forgotten: ErasureResult) -> str:
    """Return the deleted data, and the next steps."""
    return " ".join(_done(forgotten))


def _done(forgotten: ErasureResult) -> Sequence[str]:
    words = ["**Deleted.**"]
    if not forgotten.running:
        words.append("I keep no words and no images of yours any more.")
    if forgotten.erased:
        words.append("My messages with your pictures are being taken away now; with many of them, that takes a while.")
    if forgotten.cancelled:
        words.append(f"Cancelled and refunded before they were drawn: {forgotten.cancelled}.")
    if forgotten.running:
        words.append(f"Being drawn just now, and deleted when they are done: {forgotten.running}.")
    return words


def _images(count: int) -> str:
    return f"{count} image{' is' if count == 1 else 's are'}"
