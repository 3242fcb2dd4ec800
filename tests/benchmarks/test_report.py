"""The developer who reads the report, or fills a table from it."""

import json
import random
from io import StringIO

from rich.console import Console

from benchmarks.report import NOT_FOR_COMPARISON, Row, document_of, percentile, table_of

ROWS = [
    Row("idle", "0.9 %", "0.0 %", "≤ 1.2 %", met=True, conditions="0.4 ms, 12%", numbers={"processor": 0.009}),
    Row("start", "1.20 s", "0.46 s", "≤ 1.00 s", met=False),
    Row("answer", "9 ms", "8 ms", "≤ 4 × floor"),
    Row("alone", "1 ms", "1 ms"),
    Row("broken", "", "", "≤ 1 s", failure="DiedError: [error] no port"),
]


def printed(*, quick: bool = False) -> str:
    """Return the table as a terminal shows it."""
    console = Console(file=StringIO(), width=180)
    console.print(table_of(ROWS, quick=quick))
    text = console.file
    assert isinstance(text, StringIO)
    return text.getvalue()


def test_the_table_has_a_verdict_beside_each_aim_and_the_reason_of_a_failure() -> None:
    """Square brackets in a reason are shown as they are."""
    lines = {line.split("│")[1].strip(): line for line in printed().splitlines() if "│" in line}
    words = {"idle": " met ", "start": " missed ", "answer": " no verdict ", "broken": " failed "}
    assert all(word in lines[what] for what, word in words.items())
    assert not any(word in lines["alone"] for word in words.values())
    assert "[error] no port" in lines["broken"]
    assert "0.4 ms, 12%" in lines["idle"]


def test_quick_figures_are_marked_as_not_for_comparison() -> None:
    """In the table and in the file."""
    quick, full = (" ".join(printed(quick=quick).split()) for quick in (True, False))  # a caption is wrapped
    assert NOT_FOR_COMPARISON in quick
    assert NOT_FOR_COMPARISON not in full
    assert [document_of(ROWS, quick=quick)["for_comparison"] for quick in (True, False)] == [False, True]


def test_the_file_has_each_row_with_its_verdict_and_the_machine() -> None:
    """Numbers are there in full, so that a table can be filled from them."""
    document = json.loads(json.dumps(document_of(ROWS)))
    assert [row["verdict"] for row in document["rows"]] == ["met", "missed", "no verdict", "", "failed"]
    assert document["rows"][0]["numbers"] == {"processor": 0.009}
    assert document["rows"][4]["failure"] == ROWS[4].failure
    assert {"processors", "processor", "memory", "python"} <= document["machine"].keys()


def test_a_percentile_lies_above_that_share_of_the_values() -> None:
    """In any order."""
    values = [float(number) for number in range(101)]
    random.shuffle(values)
    assert [percentile(values, percent) for percent in (50, 99)] == [50.0, 99.0]
