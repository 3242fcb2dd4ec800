"""Write the tables of docs/reliability.md from the marks on the tests: `make reliability`."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.pages import with_table
from tests.promises import SECTIONS, Fault

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reliability.md"
BY_NAME = {section.__name__: section for section in SECTIONS}

Tests = Mapping[Fault, list[str]]


def marked_tests() -> Tests:
    """Return the tests of each fault, as links from the page."""
    tests: dict[Fault, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, fault in marks_in(file.read_text()):
            tests[fault].append(f"../{file.relative_to(ROOT).as_posix()}#{name}")
    return tests


def marks_in(source: str) -> Iterator[tuple[str, Fault]]:
    """Yield the name of each test in a module with each fault that it is marked with."""
    for function in ast.parse(source).body:
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in function.decorator_list:
                match decorator:
                    case ast.Call(func=ast.Attribute(attr="promise"), args=faults):
                        yield from ((function.name, fault_named(ast.unparse(fault))) for fault in faults)


def fault_named(name: str) -> Fault:
    """Return the fault that a mark names, such as `ApiframeFault.SERVER_ERROR`."""
    section, _, member = name.partition(".")
    return BY_NAME[section][member]


def table(section: Iterable[Fault], tests: Tests) -> str:
    """Return the table of one section."""
    rows = ["| fault | what the bot does | tests |", "| --- | --- | --- |"]
    for fault in section:
        links = " ".join(f"[{number}]({link})" for number, link in enumerate(tests.get(fault, ()), 1))
        rows.append(f"| {fault.fault} | {fault.promise} | {links} |")
    return "\n".join(rows)


def rendered(page: str, tests: Tests) -> str:
    """Return the page with its tables replaced."""
    for name, section in BY_NAME.items():
        page = with_table(page, name, table(section, tests))
    return page


if __name__ == "__main__":
    PAGE.write_text(rendered(PAGE.read_text(), marked_tests()))
