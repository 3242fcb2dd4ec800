"""Measure what the bot costs: `python -m benchmarks`, or `--quick` for a look whether the measuring still works.

Every program runs in a process of its own against both stand-ins, which live in this one; beside the bot stands a floor
that is measured in the same run, since other machines, and other days on this one, are faster or slower. The programs
take turns, three times, and the table has the medians. A row has no verdict if the floor itself takes twice its usual.
The floors:

- for starting, idling and acknowledging, a bare discord.py bot that responds with a line (`floor_bot.py`);
- for pictures, a bare aiohttp loop with the same calls (`floor_loop.py`), which keeps whole pictures in memory and
  validates none;
- for the limits, a transaction without statements; for the history, `SELECT 1`.

Latencies are taken by the stand-ins' clocks: from the interaction to the callback, and from the moment when Apiframe
finished a job to the edit that shows the picture. This process collects no garbage in the meantime. The pictures are
noise, which no encoder makes small, and made once.

Exit codes: 0 all rows were measured, whatever their verdicts; 1 at least one failed; 2 wrong usage.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.acknowledgement import acknowledgement
from benchmarks.bench import Bench
from benchmarks.completing import completing
from benchmarks.crowd import crowd
from benchmarks.databases import databases
from benchmarks.deciding import measure_deciding
from benchmarks.experiment import REPETITIONS, Experiment, failure_of, rows_of
from benchmarks.growth import measure_growth
from benchmarks.languages import languages
from benchmarks.looking_back import measure_looking_back
from benchmarks.plot import plot
from benchmarks.posting import posting
from benchmarks.report import Row, Verdict, document_of, table_of
from benchmarks.rush import rush
from benchmarks.several import several
from benchmarks.startup import startup
from benchmarks.throughput import throughput

WIDTH: Final = 220  # columns: a figure that is cut off says nothing
PARTS: Final[Mapping[str, Callable[[Bench], list[Experiment]]]] = {
    "startup": startup,
    "acknowledgement": acknowledgement,
    "languages": languages,
    "posting": posting,
    "several": several,
    "throughput": throughput,
    "crowd": crowd,
    "rush": rush,
    "completing": completing,
}
DECIDING: Final = "deciding"
LOOKING_BACK: Final = "history"


async def measured(parts: Sequence[str], bench: Bench) -> list[Row]:
    """Measure these parts and return their rows."""
    rows: list[Row] = []
    for part in parts:
        if part == DECIDING:
            rows += await _decided(bench)
        elif part == LOOKING_BACK:
            rows += await _looked_back(bench)
        else:
            for experiment in PARTS[part](bench):
                rows += await rows_of(experiment, bench.either(REPETITIONS, 1))
    return rows


async def _decided(bench: Bench) -> list[Row]:
    pictures, requests = bench.either((1_000_000, 300), (10_000, 20))
    try:
        return await measure_deciding(bench.new_database, pictures, requests)
    except Exception as cause:  # noqa: BLE001  (as with any other row, its failure is in the report)
        return [Row("deciding", "", "", failure=failure_of(cause))]


async def _looked_back(bench: Bench) -> list[Row]:
    pictures, pages = bench.either((100_000, 30), (2_000, 5))
    try:
        return await measure_looking_back(bench.new_database, pictures, pages)
    except Exception as cause:  # noqa: BLE001  (likewise)
        return [Row("history", "", "", failure=failure_of(cause))]


def main() -> None:
    """Measure, print the table, and leave with an exit code."""
    arguments = _arguments()
    with databases() as new_database:
        bench = Bench(new_database, quick=arguments.quick)
        if arguments.plot is not None:
            asyncio.run(plot(bench, arguments.plot))
            return
        growth = asyncio.run(measure_growth(bench)) if arguments.growth else None
        parts = arguments.parts or [*PARTS, DECIDING, LOOKING_BACK]
        rows = growth if growth is not None else asyncio.run(measured(parts, bench))
    console = Console()
    console.width = max(console.width, WIDTH)
    console.print(table_of(rows, quick=arguments.quick))
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(document_of(rows, quick=arguments.quick), indent=2) + "\n")
    sys.exit(any(row.verdict is Verdict.FAILED for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure what the bot costs.")
    parts = [*PARTS, DECIDING, LOOKING_BACK]
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"only these (default: all): {', '.join(parts)}")
    parser.add_argument("--quick", action="store_true", help="a smoke run: small loads, figures worth nothing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows and the machine to this file")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--growth", action="store_true", help="instead, the memory after up to 10,000 pictures")
    instead.add_argument("--plot", type=Path, metavar="FILE.svg", help="instead, draw the answers' time at each rate")
    arguments = parser.parse_args()
    if wrong := [part for part in arguments.parts if part not in parts]:
        parser.error(f"There is no part {wrong[0]}. Choose from {', '.join(parts)}.")
    return arguments


if __name__ == "__main__":
    main()
