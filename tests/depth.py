"""How many of a test's cases run: a part for each change, and all of them at night, with `NIGHTLY=1`."""

import os
from collections import defaultdict
from collections.abc import Sequence
from random import Random
from typing import Final

import pytest

IS_NIGHTLY: Final = "NIGHTLY" in os.environ
_PART: Final = 5  # a fifth finds what breaks often; the night finds the rest
_PART_OF_MATRIX: Final = 3


def cases(at_night: int) -> int:
    """Return how many cases to draw now, where `at_night` are drawn at night."""
    return at_night if IS_NIGHTLY else -(-at_night // _PART)


def places_now(test: str, count: int) -> set[int]:
    """Return which of a test's `count` cases run for each change: the same third in each run, at least one."""
    return set(Random(test).sample(range(count), -(-count // _PART_OF_MATRIX)))


def left_for_the_night(items: Sequence[pytest.Item]) -> set[pytest.Item]:
    """Return the cases that do not run now, of the tests that are marked `matrix`."""
    if IS_NIGHTLY:
        return set()
    cases_of: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("matrix"):
            cases_of[item.nodeid.split("[")[0]].append(item)
    return {
        case
        for test, its_cases in cases_of.items()
        for place, case in enumerate(its_cases)
        if place not in places_now(test, len(its_cases))
    }
