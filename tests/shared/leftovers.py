"""Rows and images that a test leaves in the bot's folder."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from standins.apiframe.server import ApiframeStandIn

_OURS: Final = ("generations", "rulebooks", "audit_log", "refusals", "favourites", "showcase", "styles", "reviews")
_OF_DBOS: Final = ("operation_outputs", "workflow_input", "workflow_output", "workflow_status")
_UNDER_WAY: Final = {
    "imagine.db": (
        "SELECT count(*) FROM generations WHERE state NOT IN ('delivered', 'failed')",
        "SELECT count(*) FROM alerts",  # which the bot knows without looking
        "SELECT count(*) FROM erasures",
        "SELECT count(*) FROM reviews WHERE decision IS NULL OR card <> 'done' OR resume_due_at IS NOT NULL",
        "SELECT count(*) FROM showcase WHERE state IN ('due', 'withdrawn')",
    ),
    "imagine-workflows.db": ("SELECT count(*) FROM workflow_status WHERE status IN ('PENDING', 'ENQUEUED')",),
}


def has_ended(apiframe: ApiframeStandIn, folder: Path) -> bool:
    """Return True if neither the bot nor Apiframe has anything left to do, and nothing is wrong with either."""
    if not all(job.finished for job in apiframe.jobs.values()):
        return False
    return not any(_counted(folder / file, question) for file, all_ in _UNDER_WAY.items() for question in all_)


def _counted(file: Path, question: str) -> int:
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute(question).fetchone()[0])


def empty(folder: Path) -> None:
    """Delete every row and image, while the bot runs."""
    for file, tables in {"imagine.db": _OURS, "imagine-workflows.db": _OF_DBOS}.items():
        with closing(sqlite3.connect(folder / file, timeout=30)) as database, database:
            for table in tables:
                database.execute(f"DELETE FROM {table}")  # noqa: S608  (our own list)
    for image in (folder / "images").rglob("*.*"):
        image.unlink(missing_ok=True)
