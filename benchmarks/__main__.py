"""Measure what the bot costs: `python -m benchmarks`, or `--quick` for a look whether the measuring still works.

Every program runs in a process of its own against both stand-ins, which live in this one; beside the bot stands a floor
that is measured in the same run, since other machines, and other days on this one, are faster or slower; they take
turns, several times, and the table has the medians. A row has no verdict if the floor itself is at twice its best.
The floors:

- for starting, idling and acknowledging, a bare discord.py bot that responds with a line (`floor_bot.py`);
- for pictures, a bare aiohttp loop with the same calls (`floor_loop.py`), which keeps whole pictures in memory and
  validates none;
- for the limits, a transaction without statements.

Latencies are taken by the stand-ins' clocks: from the interaction to the callback, and from the moment when Apiframe
finished a job to the edit that shows the picture. This process collects no garbage in the meantime. The pictures are
noise, which no encoder makes small, and made once.
"""

import argparse
import asyncio

from rich.console import Console

from benchmarks.acknowledgement import measure_acknowledgement
from benchmarks.crowd import measure_crowd
from benchmarks.databases import NewDatabase, databases
from benchmarks.deciding import measure_deciding
from benchmarks.memory import measure_memory
from benchmarks.posting import measure_posting
from benchmarks.report import Row, table_of
from benchmarks.startup import measure_startup
from benchmarks.throughput import measure_throughput

WIDTH = 170  # columns: a figure that is cut off says nothing
PARTS = ("startup", "acknowledgement", "posting", "throughput", "crowd", "memory", "deciding")


async def measured(parts: list[str], new_database: NewDatabase, *, quick: bool) -> list[Row]:
    """Measure these parts and return the rows; `quick` makes the figures worth little."""
    rows: list[Row] = []
    if "startup" in parts:
        rows += await measure_startup(starts=1 if quick else 3, idle_seconds=1.0 if quick else 10.0)
    if "acknowledgement" in parts:
        seconds, repetitions = (0.5, 1) if quick else (8.0, 3)
        rows += await measure_acknowledgement(new_database, seconds, repetitions)
    if "posting" in parts:
        rows += await measure_posting(new_database, pictures=2 if quick else 30)
    if "throughput" in parts:
        rows += await measure_throughput(new_database, pictures=20 if quick else 500)
    if "crowd" in parts:
        rows += await measure_crowd(members=2 if quick else 10)
    if "memory" in parts:
        rows.append(await measure_memory(pictures=5 if quick else 200))
    if "deciding" in parts:
        pictures, requests = (10_000, 20) if quick else (1_000_000, 300)
        rows += await measure_deciding(new_database, pictures, requests)
    return rows


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure what the bot costs.")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[], help="only these (default: all)")
    parser.add_argument("--quick", action="store_true", help="a smoke run: small loads, figures worth little")
    arguments = parser.parse_args()
    with databases() as new_database:
        rows = asyncio.run(measured(arguments.parts or list(PARTS), new_database, quick=arguments.quick))
    console = Console()
    console.width = max(console.width, WIDTH)
    console.print(table_of(rows))


if __name__ == "__main__":
    main()
