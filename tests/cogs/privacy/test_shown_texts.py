"""Members in any language: no text of `/privacy` is left in English or gets too long."""

from gettext import NullTranslations
from pathlib import Path

from discord import ui

from bot.i18n import language
from bot.privacy.results import ErasureResult, Export
from cogs.privacy.cog import ForgetButton, NotYours, UnderWay
from cogs.privacy.views import done_words, export_card, question_text
from cogs.shared.cancel import CancelButton
from cogs.ui.notes import note
from tests.cogs.shown import check_bounds, texts_of, words_left_in_english
from tests.languages import in_every_language
from tests.pseudo import PseudoLanguage

MANY = 999_999


def cards() -> list[ui.LayoutView]:
    """Return every card of `/privacy`."""
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    row.add_item(ForgetButton(2**63 - 1))
    row.add_item(CancelButton())
    results = [ErasureResult(erased, cancelled, running) for erased, cancelled, running in _COUNTS]
    exports = [Export(Path(), 1, parts, each, each, each) for parts, each in [(1, 0), (MANY, 1)]]
    return [
        note(question_text(), [row]),
        *(note(done_words(each)) for each in results),
        *map(export_card, [*exports, *(Export(Path(), each, MANY, MANY, MANY, MANY) for each in (1, MANY))]),
    ]


_COUNTS = [(0, 0, 0), (1, 1, 1), (MANY, MANY, MANY)]


def test_nothing_is_left_in_english() -> None:
    """Neither on a card nor in a refusal."""
    with language(PseudoLanguage()):
        texts = [text for card in cards() for text in texts_of(card)]
        texts += [str(NotYours()), str(UnderWay())]
    assert words_left_in_english(*texts) == set()


@in_every_language
def test_everything_keeps_within_discords_bounds(catalogue: NullTranslations) -> None:
    """The largest numbers, in a language with longer words."""
    with language(catalogue):
        for card in cards():
            check_bounds(card)
