"""The databases of a version of the bot that was killed at some point: `python -m tests.faults.recorded`.

It was recorded once, and isn't recorded again when the code changes, since upgrades start from databases like these.
Record it again only with another `APPLICATION_VERSION`, which doesn't take over work of older versions.
"""

from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Final

POINTS: Final = ("saved, not yet waiting", "about to post", "settled, not yet finished")
DATABASES: Final = ("imagine", "imagine-workflows")


def recording(point: str, database: str) -> Path:
    """Return the file that holds, as SQL, what one database had when the bot was killed at `point`."""
    return Path(__file__).parent / point.replace(",", "").replace(" ", "-") / f"{database}.sql"


def record(folder: Path, point: str) -> None:
    """Store the contents of the databases in `folder`."""
    for database in DATABASES:
        file = recording(point, database)
        file.parent.mkdir(exist_ok=True)
        with closing(connect(folder / f"{database}.db")) as recorded:
            file.write_text("\n".join(recorded.iterdump()) + "\n")


def restore(folder: Path, point: str) -> None:
    """Make the databases in `folder` that were recorded."""
    for database in DATABASES:
        with closing(connect(folder / f"{database}.db")) as restored:
            restored.executescript(recording(point, database).read_text())
