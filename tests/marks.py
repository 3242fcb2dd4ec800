"""Marks taken from a test's fixtures, and the order: slow tests between others, and those that share a bot last."""

from collections.abc import Iterator, Sequence

import pytest

from tests.depth import left_for_the_night
from tests.pseudo_run import IS_PSEUDO
from tests.shared.marks import shares_bot

_BY_FIXTURE = {
    "stage": "journey",
    "foreign_bot": "foreign",
    "page_address": "browser",
    "browser": "browser",
    "postgres": "postgres",
}
_POSTGRES = {"postgresql", "pooled"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark each test, and sort them: last come those that share a bot, which has one loop for all."""
    for item in items:
        for mark in _marks_of(item):
            item.add_marker(mark)
        if shares_bot(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
    if IS_PSEUDO:
        items[:] = [each for each in items if each.get_closest_marker("english") is None]
    is_chosen = any("[" in argument for argument in config.args)
    if left := set() if is_chosen else left_for_the_night(items):
        config.hook.pytest_deselected(items=list(left))
    chosen = [each for each in items if each not in left]
    slow = [each for each in chosen if each.get_closest_marker("slow") and not shares_bot(each)]
    items[:] = _spread(slow, sorted((each for each in chosen if each not in set(slow)), key=shares_bot))


def _spread(slow: Sequence[pytest.Item], others: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield slow tests, which mostly wait, between others, which use the processor; none of them among the last."""
    step = 1 + len(others) // (2 * len(slow) + 1)
    for number, test in enumerate(slow):
        yield test
        yield from others[number * step : (number + 1) * step]
    yield from others[len(slow) * step :]


def _marks_of(item: pytest.Item) -> set[str]:
    fixtures = set(getattr(item, "fixturenames", ()))
    marks = {mark for fixture, mark in _BY_FIXTURE.items() if fixture in fixtures}
    callspec = getattr(item, "callspec", None)
    if callspec is not None and callspec.params.get("database_url") in _POSTGRES:
        marks.add("postgres")
    return marks
