"""Say at the end of a run which promises went untested, and why: a skipped test is a promise that nobody checked."""

from collections import defaultdict
from collections.abc import Generator, Iterable
from inspect import getdoc

import pytest

from tests.contracts.published import MISSING, UNCHECKED

_PROMISE = "promise"
_UNCHECKED = "exchanges checked against no document"
_SKIPPED = "Skipped: "


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Send the promise of a skipped test along with its report, which is all that leaves a worker."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.user_properties.append((_PROMISE, _promise_of(item)))
    if report.when == "teardown":
        report.user_properties.append((_UNCHECKED, UNCHECKED.take()))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write how many exchanges went unchecked, and each reason with the promises that it left untested."""
    _write_unchecked(terminalreporter)
    skipped = terminalreporter.getreports("skipped")
    if not skipped:
        return
    terminalreporter.section(f"{len(skipped)} promises went untested", yellow=True)
    for reason, reports in _by_reason(skipped).items():
        terminalreporter.write_line(f"{reason} ({len(reports)}):")
        for report in reports:
            terminalreporter.write_line(f"  {report.nodeid}: {dict(report.user_properties).get(_PROMISE, '')}")


def _write_unchecked(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for several in terminalreporter.stats.values() for report in several]
    properties = [each for report in reports for each in getattr(report, "user_properties", ())]
    unchecked = sum(count for name, count in properties if name == _UNCHECKED)
    if unchecked:
        terminalreporter.section(f"{unchecked} exchanges went unchecked", yellow=True)
        terminalreporter.write_line(MISSING)


def _by_reason(reports: Iterable[pytest.TestReport]) -> dict[str, list[pytest.TestReport]]:
    grouped: dict[str, list[pytest.TestReport]] = defaultdict(list)
    for report in reports:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        grouped[reason.removeprefix(_SKIPPED)].append(report)
    return grouped


def _promise_of(item: pytest.Item) -> str:
    """Return the first line of a test's docstring, or its name in words where it has none."""
    text = getdoc(getattr(item, "obj", None)) or item.name.removeprefix("test_").replace("_", " ")
    return text.splitlines()[0]
