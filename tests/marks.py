"""Marks taken from a test's fixtures, and the order: slow tests first, and those that share a bot last."""

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
    """Mark each test, and sort them: slow ones first, and last those that share a bot, which has one loop for all."""
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
    items[:] = sorted((each for each in items if each not in left), key=_place_of)


def _place_of(item: pytest.Item) -> tuple[bool, bool]:
    return shares_bot(item), item.get_closest_marker("slow") is None


def _marks_of(item: pytest.Item) -> set[str]:
    fixtures = set(getattr(item, "fixturenames", ()))
    marks = {mark for fixture, mark in _BY_FIXTURE.items() if fixture in fixtures}
    callspec = getattr(item, "callspec", None)
    if callspec is not None and callspec.params.get("database_url") in _POSTGRES:
        marks.add("postgres")
    return marks
