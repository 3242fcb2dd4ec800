"""The member who reads figures: as they were set, and with the right plural."""

import pytest

from bot.limits.bounds import BOUNDS
from bot.limits.policy import Limit, Scope
from cogs.ui.amounts import LIMIT_NAMES, SCOPE_NAMES, allowance_words, amount, at_most, bar, credits_words, span


def test_every_limit_and_scope_has_its_own_name() -> None:
    assert set(LIMIT_NAMES) == set(Limit)
    assert set(SCOPE_NAMES) == set(Scope)
    for names in (LIMIT_NAMES, SCOPE_NAMES):
        assert len(set(names.values())) == len(names)


@pytest.mark.parametrize(("value", "words"), [(5.0, "5"), (0.5, "0.5"), (0.1 + 0.2, "0.3"), (86400.0, "86400")])
def test_a_figure_has_no_needless_decimals(value: float, words: str) -> None:
    assert amount(value) == words


@pytest.mark.parametrize(("count", "words"), [(0, "0 credits"), (1, "1 credit"), (7, "7 credits")])
def test_credits_have_a_plural(count: int, words: str) -> None:
    assert credits_words(count) == words


@pytest.mark.parametrize("limit", Limit)
def test_the_span_of_a_limit_is_what_may_be_set(limit: Limit) -> None:
    assert span(limit).split(" to ") == [amount(BOUNDS[limit].least), amount(BOUNDS[limit].most)]


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        (Limit.IMAGES_PER_DAY, 5, "5 pictures per day"),
        (Limit.IMAGES_PER_DAY, 1, "1 picture per day"),
        (Limit.IMAGES_PER_DAY, 0, "no pictures per day"),
        (Limit.COOLDOWN, 0, "0 seconds between two requests"),
        (Limit.COOLDOWN, 1, "1 second between two requests"),
        (Limit.CREDITS_PER_MONTH, 1, "1 credit per 30 days"),
    ],
)
def test_a_limit_is_words_with_its_figure(limit: Limit, value: float, words: str) -> None:
    """Nothing allowed is said as such; a pause of no seconds forbids nothing."""
    assert at_most(limit, value) == words


def test_what_a_scope_sets_has_one_order() -> None:
    """However it is stored."""
    limits: dict[Limit, float] = {Limit.CONCURRENT: 2, Limit.IMAGES_PER_HOUR: 3}
    words = f"{at_most(Limit.IMAGES_PER_HOUR, 3)} · {at_most(Limit.CONCURRENT, 2)}"
    assert allowance_words(limits) == words
    assert allowance_words(limits, unlimited=True).endswith(words)
    assert allowance_words(limits, unlimited=True) != words
    assert allowance_words({}) == "—"


@pytest.mark.parametrize(
    ("used", "allowed", "full_cells"),
    [(0, 10, 0), (1, 1000, 1), (5, 10, 5), (999, 1000, 9), (10, 10, 10), (25, 10, 10), (0, 0, 10), (3, 0, 10)],
)
def test_a_bar_is_full_only_when_nothing_is_left(used: float, allowed: float, full_cells: int) -> None:
    """And empty only while nothing is used."""
    assert bar(used, allowed) == "▰" * full_cells + "▱" * (10 - full_cells)
