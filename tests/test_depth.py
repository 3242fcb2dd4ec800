"""The cases that run for each change: the same in each run, and some of everything."""

import pytest

from tests.depth import places_now

TESTS = [f"tests/test_boats.py::test_boat_{number}" for number in range(10)]


@pytest.mark.parametrize(("count", "now"), [(1, 1), (3, 1), (11, 4), (15, 5)])
def test_a_third_of_the_cases_runs_and_at_least_one(count: int, now: int) -> None:
    assert [len(places_now(test, count)) for test in TESTS] == [now] * len(TESTS)


def test_the_same_cases_run_each_time() -> None:
    assert places_now(TESTS[0], 11) == places_now(TESTS[0], 11)


def test_what_one_test_leaves_out_another_tries() -> None:
    assert set().union(*(places_now(test, 11) for test in TESTS)) == set(range(11))
