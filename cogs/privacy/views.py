"""The messages of `/privacy`: the export's contents, a deletion's effects, and its result."""

from collections.abc import Iterator, Sequence

from discord import ui

from bot.i18n import _, ngettext
from bot.privacy.results import LEDGER_KEPT_FOR, ErasureResult, Export


def question_text() -> str:
    """Return the confirmation of a deletion, with a list of the deleted data and one of the kept data."""
    deleted = [
        _("Your prompts, options and reference images"),
        _("Your pictures, and my messages that show them, where I can reach them"),
        _("Your defaults and favourites, and the list of your refused requests"),
        _("Waiting requests: they're cancelled and refunded. A picture that's being drawn is finished first"),
    ]
    kept = [
        ngettext(
            "The dates and costs of your pictures, because limits and bills count them. Your name is removed after "
            "{count} day, so nobody can reset their limits this way",
            "The dates and costs of your pictures, because limits and bills count them. Your name is removed after "
            "{count} days, so nobody can reset their limits this way",
            LEDGER_KEPT_FOR.days,
        ),
        _("Limits and blocks that moderators set for you, so nobody can unblock themselves"),
        _("Pictures that others made from yours, because those belong to them"),
    ]
    return "\n".join(
        [
            _("**Delete everything I store about you, in all servers?** This can't be undone."),
            _("**Deleted**"),
            *(f"- {line}" for line in deleted),
            _("**Kept**"),
            *(f"- {line}" for line in kept),
            "-# " + _("To get a copy first, use `/privacy export`."),
        ]
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
    yield _("**Everything I store about you**, from all servers.")
    if export.parts > 1:
        yield _(
            "Part {number} of {parts}, because Discord limits the size of a file.",
            number=export.number,
            parts=export.parts,
        )
    if export.number < export.parts:
        yield _("For the next part, use `/privacy export part:{next}`.", next=export.number + 1)
    if export.gone:
        yield ngettext(
            "{count} image is missing because it's no longer stored.",
            "{count} images are missing because they're no longer stored.",
            export.gone,
        )
    if export.withheld:
        yield ngettext(
            "{count} image isn't included because moderators haven't approved it.",
            "{count} images aren't included because moderators haven't approved them.",
            export.withheld,
        )
    if export.too_large:
        yield ngettext(
            "{count} image is missing because it's too large for Discord. The bot's operator has it.",
            "{count} images are missing because they're too large for Discord. The bot's operator has them.",
            export.too_large,
        )


def done_words(forgotten: ErasureResult) -> str:
    """Return the deleted data, and the next steps."""
    return "\n".join(_done(forgotten))


def _done(forgotten: ErasureResult) -> Sequence[str]:
    words = [_("**Deleted.**")]
    if not forgotten.running:
        words.append(_("I no longer store any prompts or images of yours."))
    if forgotten.erased:
        words.append(_("I'm now deleting my messages with your pictures. If there are many, this takes a while."))
    if forgotten.cancelled:
        words.append(
            ngettext(
                "{count} waiting request was cancelled and refunded.",
                "{count} waiting requests were cancelled and refunded.",
                forgotten.cancelled,
            )
        )
    if forgotten.running:
        words.append(
            ngettext(
                "{count} picture is being drawn right now. I'll delete it as soon as it's finished.",
                "{count} pictures are being drawn right now. I'll delete them as soon as they're finished.",
                forgotten.running,
            )
        )
    return words
