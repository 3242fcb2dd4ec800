"""Marks that follow from a test's fixtures, and the order: slow tests first, so that none is left for the end."""

import pytest

_BY_FIXTURE = {"stage": "journey", "address": "browser", "browser": "browser", "postgres": "postgres"}
_POSTGRES = {"postgresql", "pooled"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test, and bring the slow ones to the front."""
    for item in items:
        for mark in _marks_of(item):
            item.add_marker(mark)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _marks_of(item: pytest.Item) -> set[str]:
    fixtures = set(getattr(item, "fixturenames", ()))
    marks = {mark for fixture, mark in _BY_FIXTURE.items() if fixture in fixtures}
    callspec = getattr(item, "callspec", None)
    if callspec is not None and callspec.params.get("database_url") in _POSTGRES:
        marks.add("postgres")
    return marks
