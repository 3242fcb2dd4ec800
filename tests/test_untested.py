"""The report of a run about its skipped tests."""

import pytest

pytest_plugins = ["pytester"]

PLUGINS = ("-p", "no:schemathesis", "-p", "tests.untested")  # Schemathesis' own takes seconds to import
SUITE = '''
import pytest

@pytest.fixture
def browser():
    pytest.skip("there is no browser: install one")

def test_page(browser):
    """Everybody can read the page.

    More about it.
    """

@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.skip(reason="there is no printer")
def test_a_letter_is_printed(size):
    pass

@pytest.mark.xfail
def test_xfail():
    assert False

def test_passes():
    pass
'''


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "with workers"])
def test_a_run_names_each_promise_that_went_untested(pytester: pytest.Pytester, workers: list[str]) -> None:
    """Each reason stands once, with the promises behind it, also where workers ran the tests."""
    pytester.makepyfile(test_suite=SUITE)
    # A process of its own: this one has its own workers, and pytest-asyncio's settings.
    result = pytester.runpytest_subprocess(*PLUGINS, *workers)
    result.assert_outcomes(passed=1, skipped=3, xfailed=1)
    said = result.stdout.str()
    assert "3 promises went untested" in said
    assert "there is no browser: install one (1):\n  test_suite.py::test_page: Everybody can read the page.\n" in said
    assert said.count("there is no printer (2):") == 1
    assert "  test_suite.py::test_a_letter_is_printed[2]: a letter is printed[2]\n" in said
    assert "test_passes" not in said
    assert "test_xfail" not in said


def test_a_run_that_skips_nothing_says_nothing_of_it(pytester: pytest.Pytester) -> None:
    """No empty section where every promise was tested."""
    pytester.makepyfile(test_suite="def test_passes():\n    pass\n")
    assert "untested" not in pytester.runpytest_subprocess(*PLUGINS).stdout.str()


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "with workers"])
def test_a_run_counts_the_exchanges_that_it_could_not_check(pytester: pytest.Pytester, workers: list[str]) -> None:
    """Without the platforms' documents, the last lines say how many exchanges nobody held against them."""
    pytester.makepyfile(
        test_suite="""
        import pytest
        from tests.contracts.published import UNCHECKED

        @pytest.mark.parametrize("exchanges", [2, 3])
        def test_exchanges(exchanges):
            for exchange in range(exchanges):
                UNCHECKED.note(exchange)
        """
    )
    said = pytester.runpytest_subprocess(*PLUGINS, *workers).stdout.str()
    assert "5 exchanges went unchecked" in said
    assert "make contracts" in said
