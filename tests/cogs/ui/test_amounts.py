"""The member who reads figures: as they were set, and with the right plural."""

import pytest

from bot.limits.policy import Ceiling, Limit, Running, Scope, Window, measure_of
from cogs.ui.amounts import (
    LIMIT_LABELS,
    SET_BY,
    allowance_words,
    amount,
    at_most,
    bar,
    credits_words,
    left_of,
    sum_of,
)


def test_every_limit_and_scope_has_its_own_name() -> None:
    assert set(LIMIT_LABELS) == set(Limit)
    assert set(SET_BY) == set(Scope)
    for names in (LIMIT_LABELS, SET_BY):
        assert len(set(names.values())) == len(names)


@pytest.mark.parametrize(
    ("value", "words"), [(5.0, "5"), (0.5, "0.5"), (0.1 + 0.2, "0.3"), (86400.0, "86,400"), (9e5, "900,000")]
)
def test_a_figure_has_no_needless_decimals(value: float, words: str) -> None:
    assert amount(value) == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 credits"), (1, "1 credit"), (7, "7 credits"), (12345, "12,345 credits")]
)
def test_credits_have_a_plural(count: int, words: str) -> None:
    assert credits_words(count) == words


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        (Limit.IMAGES_PER_DAY, 5, "Pictures per day: 5"),
        (Limit.IMAGES_PER_DAY, 0, "Pictures per day: none"),
        (Limit.COOLDOWN, 0, "Cooldown in seconds: 0"),
        (Limit.MAX_MEGAPIXELS, 0.5, "Megapixels per picture: 0.5"),
    ],
)
def test_a_limit_is_words_with_its_figure(limit: Limit, value: float, words: str) -> None:
    """Nothing allowed is said as such; a cooldown of no seconds forbids nothing."""
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
    ("left", "allowed", "full_cells"),
    [(10, 10, 5), (1, 1000, 1), (3, 10, 2), (3, 4, 4), (59, 60, 4), (999, 1000, 4), (0, 10, 0), (0, 0, 0)],
)
def test_a_bar_shows_what_is_left(left: float, allowed: float, full_cells: int) -> None:
    """It is empty only when nothing is left, full only while nothing is used, and the nearest otherwise."""
    assert bar(left, allowed) == "▰" * full_cells + "▱" * (5 - full_cells)


@pytest.mark.parametrize(
    ("used", "words"), [(1, "▰▰▱▱▱ Pictures per day: 1 of 2"), (3, "▱▱▱▱▱ Pictures per day: 0 of 2")]
)
def test_the_bar_and_the_figures_say_the_same(used: float, words: str) -> None:
    """Both show what is left, and more than everything cannot be used."""
    assert left_of(Limit.IMAGES_PER_DAY, used, 2) == words


@pytest.mark.parametrize("limit", [each for each in Limit if isinstance(measure_of(each), Window | Running)])
def test_a_limit_fits_into_a_line_on_a_phone(limit: Limit) -> None:
    """A phone of 390 pixels shows about 40 characters."""
    assert len(left_of(limit, 10, 5000 if limit is Limit.CREDITS_PER_MONTH else 60)) <= 40


def test_a_sum_has_the_roles_that_add_most_first() -> None:
    """The order of a member's roles is not the same in each event."""
    ceiling = Ceiling(9, Scope.ROLE, extras={22: 1, 11: 1, 33: 5})
    assert sum_of(ceiling) == "2 for everyone + 5 for <@&33> + 1 for <@&11> + 1 for <@&22>"
