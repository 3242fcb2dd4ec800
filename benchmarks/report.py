"""The rows of the report, as a table for a terminal and as JSON."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from statistics import quantiles

import psutil
from rich.markup import escape
from rich.table import Table

NOT_FOR_COMPARISON = "From a quick run: it shows that the measuring works. Don't compare these figures with anything."
CPUINFO = Path("/proc/cpuinfo")


class Verdict(StrEnum):
    """The result of comparing a row with its aim; `NONE` is a row without one."""

    MET = "met"
    MISSED = "missed"
    UNSTEADY = "no verdict"
    FAILED = "failed"
    NONE = ""


COLORS = {Verdict.MET: "green", Verdict.MISSED: "red", Verdict.UNSTEADY: "yellow", Verdict.FAILED: "bold red"}


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of the bot beside the floor's; `met` says whether the aim was, None where nothing can be said.

    `conditions` has how late the stand-ins' loop was (p99), and how busy the machine. `failure` is why there are no
    figures. `numbers` and `floor_numbers` are the figures in seconds, bytes or shares.
    """

    what: str
    bot: str
    floor: str
    aim: str = ""
    met: bool | None = None
    conditions: str = ""
    failure: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    floor_numbers: Mapping[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """Return what this row says about its aim."""
        if self.failure:
            return Verdict.FAILED
        if self.met is None:
            return Verdict.UNSTEADY if self.aim else Verdict.NONE
        return Verdict.MET if self.met else Verdict.MISSED


def table_of(rows: Sequence[Row], *, quick: bool = False) -> Table:
    """Return the rows as a table for a terminal; a failed row has its reason in the place of the figures."""
    table = Table(
        title="What the bot costs, and what the same costs without it", caption=NOT_FOR_COMPARISON if quick else None
    )
    table.add_column("what", no_wrap=True)
    for figure in ("bot", "floor"):
        table.add_column(figure, justify="right", no_wrap=True)
    table.add_column("aim", no_wrap=True)
    table.add_column("", no_wrap=True, min_width=10)
    table.add_column("far ends late, machine busy", justify="right", min_width=30)
    for row in rows:
        color = COLORS.get(row.verdict)
        verdict = f"[{color}]{row.verdict}[/]" if color else ""
        table.add_row(row.what, row.bot, row.floor, row.aim, verdict, escape(row.failure or row.conditions))
    return table


def document_of(rows: Sequence[Row], *, quick: bool = False) -> dict[str, object]:
    """Return the rows, the machine and the moment, to be written as JSON."""
    return {
        "for_comparison": not quick,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "rows": [
            {
                "what": row.what,
                "bot": row.bot,
                "floor": row.floor,
                "aim": row.aim,
                "verdict": row.verdict.value,
                "conditions": row.conditions,
                "failure": row.failure,
                "numbers": dict(row.numbers),
                "floor_numbers": dict(row.floor_numbers),
            }
            for row in rows
        ],
    }


def machine() -> dict[str, object]:
    """Return what the figures were measured on."""
    lines = CPUINFO.read_text().splitlines() if CPUINFO.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processors": os.cpu_count(),
        "processor": models[0] if models else platform.processor(),
        "memory": megabytes(psutil.virtual_memory().total),
        "python": platform.python_version(),
    }


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value below which `percent` of the values lie, 1 to 99."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def milliseconds(seconds: Sequence[float]) -> str:
    """Write some durations as milliseconds, side by side."""
    return " / ".join(f"{each * 1000:.1f}" for each in seconds) + " ms"


def megabytes(count: float) -> str:
    """Write bytes as megabytes of 10^6."""
    return f"{count / 1e6:.0f} MB"
