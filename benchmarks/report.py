"""The measurements, and their report."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of the bot beside the floor's; `met` says whether the aim was, None where nothing can be said.

    `conditions` has how late the stand-ins' loop was (p99), and how busy the machine.
    """

    what: str
    bot: str
    floor: str
    aim: str = ""
    met: bool | None = None
    conditions: str = ""


def table_of(rows: Sequence[Row]) -> Table:
    """Return the rows as a table for a terminal."""
    table = Table(title="What the bot costs, and what the same costs without it")
    table.add_column("what", no_wrap=True)
    for figure in ("bot", "floor"):
        table.add_column(figure, justify="right", no_wrap=True)
    table.add_column("aim", no_wrap=True)
    table.add_column("", no_wrap=True, min_width=8)
    table.add_column("far ends late, machine", justify="right", no_wrap=True)
    for row in rows:
        table.add_row(row.what, row.bot, row.floor, row.aim, _verdict(row), row.conditions)
    return table


def _verdict(row: Row) -> str:
    if row.met is None:
        return "[yellow]unsteady[/]" if row.aim else ""
    return "[green]met[/]" if row.met else "[red]missed[/]"


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value below which `percent` of the values lie, 1 to 99."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def milliseconds(seconds: Sequence[float]) -> str:
    """Write some durations as milliseconds, side by side."""
    return " / ".join(f"{each * 1000:.1f}" for each in seconds) + " ms"


def megabytes(count: float) -> str:
    """Write bytes as megabytes of 10^6."""
    return f"{count / 1e6:.0f} MB"
