"""Members in any language: no text on a picture's messages is left in English or gets too long."""

from collections.abc import Callable, Iterator
from gettext import NullTranslations
from pathlib import Path

import pytest
from discord import ui

from bot.errors import UserFacingError
from bot.generation.history_archive import ArchivePart
from bot.i18n import language
from bot.images.references import Attachment
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Derivation, Generation
from bot.picture.history_filter import DAYS_MAX, HistoryFilter
from bot.picture.layers import Choices, Layered
from bot.picture.missing import Missing
from bot.picture.params import CUSTOM, MATCH_INPUT_IMAGE, FluxParams, Resolution
from bot.picture.price import Price
from bot.picture.request import PROMPT_MAX
from cogs.pictures.copy_command import command_card
from cogs.pictures.delete import CannotDelete, NotYoursToDelete, question_text
from cogs.pictures.details import NoPictureOfMine
from cogs.pictures.details_view import Details, details_card
from cogs.pictures.download import DownloadButton, DownloadUnderWay
from cogs.pictures.download_view import part_card, progress_words
from cogs.pictures.form import FormText, PictureForm
from cogs.pictures.history import PageButton, PictureMenu
from cogs.pictures.history_access import OthersPictures
from cogs.pictures.history_view import PageAsked, PageShown, chosen_card, history_card, nothing_found, options_of
from cogs.pictures.mention import left_out
from cogs.pictures.message_words import more_files
from cogs.pictures.more import more_card
from cogs.pictures.remix import NotYourPrompt, about_picture
from cogs.pictures.reroll import larger_hint
from cogs.shared.cancel import CancelButton
from cogs.shared.picture_buttons import button_row, button_rows, failure_rows, picture_rows, rows_of
from cogs.ui.amounts import credits_words
from cogs.ui.cards import chosen, missed_size_words
from cogs.ui.notes import note
from cogs.ui.picture_buttons import Action, button_of, history_buttons
from cogs.ui.ratios import USUAL_RATIOS, ratio_label
from cogs.ui.text import few
from tests.cogs.pictures.shown_pictures import NO_WORDS, derived, drawn, kept_private, longest, relatives
from tests.cogs.shown import check_bounds, texts_of, words_left_in_english
from tests.languages import in_every_language
from tests.pseudo import PseudoLanguage

Shown = ui.LayoutView | ui.Modal
DEAREST = Price(least=999_999_998, most=999_999_999)
FILES = [*(f"image{number}.jpg" for number in range(1, 6)), *Missing]


def price_of(*_: object) -> Price:
    """Return the same long price for any picture."""
    return DEAREST


async def _then(*_: object) -> None:
    raise AssertionError("nobody fills it in")


def details(picture: Generation, family: list[Generation]) -> ui.LayoutView:
    """Return the card of details with a family, and an image for each reason not to be shown."""
    files = FILES[: len(picture.request.references)]
    return details_card(Details(picture, family, family, 999_999, files, "picture.jpg"))


def page(pictures: list[Generation], words: str = "", *, own: bool) -> ui.LayoutView:
    """Return a page of the history with its menu."""
    files: list[str | Missing] = [*Missing, *("1.jpg" for _ in pictures)][: len(pictures)]
    asked = PageAsked(full_filter(words), 99_999)
    shown = PageShown(asked, 99_999, 999_999, pictures, files, own)
    menu: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    menu.add_item(PictureMenu(options_of(pictures)))
    return history_card(shown, [menu, *rows_of([PageButton(asked, "1"), DownloadButton(asked)])])


def full_filter(words: str = "", *, favourites: bool = True) -> HistoryFilter:
    """Return a filter with everything in it."""
    return HistoryFilter(2**63 - 1, favourites, 2**63 - 1, DAYS_MAX, words)


def part(*, is_last: bool) -> ui.LayoutView:
    """Return the card of a part of a download, with everything that can be missing."""
    of = ArchivePart(Path("1"), 999_998, 1, 999_999 if is_last else 9_999_999, 1, 2)
    return part_card(of, full_filter(), [])


def chosen_of(picture: Generation, file: str | Missing) -> ui.LayoutView:
    """Return the card of a picture that was chosen from the history."""
    return chosen_card(picture, file, price_of, button_rows(picture, history_buttons(picture, may_delete=True)))


def form(question: str, about: str, prompt: str, params: FluxParams, room: int = 8) -> ui.Modal:
    return PictureForm(
        FormText(question, question, about),
        _then,
        prompt=prompt,
        choices=Layered(Choices.model_validate(dict(params))),
        room=room,
        price_with=lambda _: DEAREST,
    )


def rows(*of: ui.ActionRow[ui.LayoutView]) -> ui.LayoutView:
    return note("1", of)


def cards(prompt: str, few_pictures: Callable[[], list[Generation]]) -> Iterator[Shown]:
    """Yield every card and form of this feature around a prompt."""
    picture = drawn(prompt, references=len(FILES))
    edit = derived(Derivation.EDIT, drawn(prompt), request=picture.request)
    for each in (picture, edit, kept_private(picture)):
        yield details(each, few_pictures())
        yield more_card(each, price_of, may_delete=True)
        yield rows(*picture_rows(each))
        yield note(question_text(each))
        for count in (0, 1, len(FILES)):
            yield command_card(drawn(prompt, references=count).request)
        for file in ("1.jpg", *Missing):
            yield chosen_of(each, file)
    for own in (True, False):
        yield page(few_pictures()[:6], own=own)
        yield page([picture] * 6, "1" * 50, own=own)
        yield part(is_last=own)
    params = [FluxParams(), picture.request.params, FluxParams(width=2048, height=2048)]
    for each_params in params:
        for room in (0, 1, 8):
            yield form("1", about_picture(picture), prompt, each_params, room)
    question = button_row(picture, [button_of(Action.CONFIRM_DELETE)])
    question.add_item(CancelButton())
    yield rows(question)
    yield larger_hint()
    for kind in FailureKind:
        yield rows(*failure_rows(picture, Failure(kind=kind)))


def not_converted_here(picture: Generation) -> set[str]:
    """Return the words that other parts of the bot add to these cards."""
    return words_left_in_english(
        credits_words(7),
        credits_words(1),
        *chosen(picture.request),
        few(["1", "2", "3", "4"], more_files),
        missed_size_words(picture),
    )


def test_no_card_and_no_form_says_a_word_in_english() -> None:
    """In a language that nobody speaks, every word is one of it."""
    with language(PseudoLanguage()):
        others = not_converted_here(drawn(references=len(FILES)))
        left = {word for card in cards(NO_WORDS, relatives) for word in words_left_in_english(*texts_of(card))}
    assert left - others == set()


def test_no_sentence_is_left_in_english() -> None:
    """Refusals, choices and names too."""
    refusals: list[Callable[[], UserFacingError]] = [
        *(NotYoursToDelete, CannotDelete, NoPictureOfMine, OthersPictures, NotYourPrompt, DownloadUnderWay),
    ]
    with language(PseudoLanguage()):
        sentences = [str(refusal()) for refusal in refusals]
        sentences += [ratio_label(each) for each in (*USUAL_RATIOS, MATCH_INPUT_IMAGE, CUSTOM)]
        sentences += [left_out([Attachment("1", "https://1", 1)] * count) for count in (9, 11)]
        asked = [HistoryFilter(1), HistoryFilter(1, favourites=True), full_filter("1", favourites=False)]
        sentences += [progress_words(0, 0), progress_words(1, 2)]
        sentences += [nothing_found(each, own=own) for each in asked for own in (True, False)]
        sentences += [button_of(each).label for each in Action]
    assert words_left_in_english(*sentences) == set()


@in_every_language
@pytest.mark.parametrize("prompt", ["*", "\\", "word ", "漢", "😀", "a```b\n", "ש"])
def test_the_longest_of_everything_keeps_within_discords_bounds(prompt: str, catalogue: NullTranslations) -> None:
    """The longest prompts and numbers, the most references and relatives, in a language with longer words."""
    with language(catalogue):
        for card in cards(prompt * (PROMPT_MAX // len(prompt)), lambda: [longest(prompt)] * 12):
            check_bounds(card)
        check_bounds(details(longest(prompt), [derived(Derivation.LARGER, longest(prompt))] * 12))


def test_the_forms_have_every_choice() -> None:
    """Each menu opens with the chosen option, also one without a name."""
    for params in (FluxParams(aspect_ratio="7:5", resolution=Resolution.MATCH_INPUT_IMAGE), FluxParams()):
        menus = [part["component"] for part in form("1", "", "1", params).to_dict()["components"][1:4]]
        assert [sum(bool(option.get("default")) for option in menu["options"]) for menu in menus] == [1, 1, 1]
