"""docs/reliability.md is generated, and each of its promises has a test."""

import pytest

from tests.promises import SECTIONS
from tests.reliability import PAGE, marked_tests, marks_in, rendered, table

FAULTS = [fault for section in SECTIONS for fault in section]
CELL = 160  # characters


def test_the_page_is_up_to_date() -> None:
    """The page has the faults, promises and tests of the code. If not, run `make reliability`."""
    assert rendered(PAGE.read_text(), marked_tests()) == PAGE.read_text()


def test_each_promise_has_a_test() -> None:
    """At least one test is marked with each fault."""
    assert set(FAULTS) - set(marked_tests()) == set()


def test_each_fault_has_a_promise_in_short_cells() -> None:
    """A row has a fault and a promise, and each fits a cell of its table."""
    for fault in FAULTS:
        for cell in (fault.fault, fault.promise):
            assert 0 < len(cell) <= CELL, cell
            assert not set(cell) & set("|\n"), cell


def test_a_mark_of_an_unknown_fault_is_an_error() -> None:
    """A misspelled fault can't disappear from the page."""
    with pytest.raises(KeyError):
        list(marks_in("@pytest.mark.promise(ApiframeFault.UNHEARD_OF)\ndef test_it(): ..."))


def test_a_table_links_each_test_of_a_fault() -> None:
    """A row has the fault, the promise and numbered links."""
    fault = FAULTS[0]
    assert table([fault], {fault: ["a#test_a", "b#test_b"]}).splitlines()[-1] == (
        f"| {fault.fault} | {fault.promise} | [1](a#test_a) [2](b#test_b) |"
    )
