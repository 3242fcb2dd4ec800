"""Help and greetings in any language: nothing is left in English, and nothing gets too long for Discord."""

from collections.abc import Iterator
from gettext import NullTranslations

import pytest
from discord import ui

from bot.i18n import _, language
from bot.limits.policy import SERVER_LIMITS, Ceiling, Limit, Scope
from bot.picture.price import Estimate, Price
from cogs.shared.examples import EXAMPLES, examples_row
from cogs.ui.greeting import greeting_card
from cogs.ui.help import help_card
from cogs.ui.prices import estimate_words, price_words
from tests.cogs.shown import check_bounds, texts_of, words_left_in_english
from tests.languages import in_every_language
from tests.pseudo import PseudoLanguage

CONTACT = "9" * 200
EVERYTHING = {
    Scope.MEMBER: {limit: Ceiling(1_000_000, Scope.OPERATOR) for limit in Limit},
    Scope.SERVER: {limit: Ceiling(1_000_000, Scope.OPERATOR) for limit in SERVER_LIMITS},
}


def link(command: str) -> str:
    """Return a link with the longest id."""
    return f"</{command}:{2**63 - 1}>"


def cards() -> Iterator[ui.LayoutView]:
    """Yield the page with its longest contact, and greetings with all limits, none, and unknown ones."""
    examples = [(_(each.label), _(each.prompt), each.params) for each in EXAMPLES]
    yield help_card(link, examples, examples_row(), CONTACT)
    yield greeting_card(link, EVERYTHING)
    yield greeting_card(link, {Scope.MEMBER: {}, Scope.SERVER: {}})
    yield greeting_card(link, None)


def test_every_text_is_translated() -> None:
    """No word is left in English, but for those that are the same in every language."""
    with language(PseudoLanguage()):
        for card in cards():
            assert words_left_in_english(*texts_of(card)) == set()


@in_every_language
def test_every_card_fits(catalogue: NullTranslations) -> None:
    """In a language with longer words, too."""
    with language(catalogue):
        for card in cards():
            check_bounds(card)


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        (None, []),
        (Estimate(), []),
        (Estimate(price=Price.about(1)), ["about 1 credit"]),
        (Estimate(price=Price.about(7), left=120), ["about 7 credits", "120 left of the 30-day limit"]),
        (Estimate(price=Price(least=7, most=30)), ["7 to 30 credits"]),
        (Estimate(left=0), ["0 left of the 30-day limit"]),
    ],
)
def test_an_estimate_says_what_is_known(estimate: Estimate | None, words: list[str]) -> None:
    """The price, and the rest of a budget if there is one."""
    assert estimate_words(estimate) == words


def test_prices_are_translated() -> None:
    """With a plural form, and as a range."""
    with language(PseudoLanguage()):
        for price in (Price.about(1), Price.about(7), Price(least=7, most=30)):
            assert words_left_in_english(price_words(price)) == set()
