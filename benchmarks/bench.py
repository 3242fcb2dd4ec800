"""The programs by name and the place of each measurement: new stand-ins, a new folder and a new database."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from benchmarks.candidates import Running, bare_bot, the_bot, the_roles
from benchmarks.databases import POSTGRESQL, SQLITE, NewDatabase
from benchmarks.experiment import FLOOR
from benchmarks.far_ends import FarEnds, far_ends
from bot.settings import Settings

ROLES: Final = "gateway, one worker"
TWO_WORKERS: Final = "gateway, two workers"
WORKERS: Final = {ROLES: 1, TWO_WORKERS: 2}
HAS_ROLES: Final = "role" in Settings.model_fields
DEFAULTS: Final[Mapping[str, object]] = {}

POLL_SECONDS: Final = 2.5  # as by default
QUICK_POLL_SECONDS, QUICK_MEGABYTES = 0.5, 0.1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bench:
    """New databases for every measurement, and whether the run is a quick one."""

    new_database: NewDatabase
    quick: bool = False

    def either(self, full: T, quick: T) -> T:
        """Return the amount of a full run or of a quick one."""
        return quick if self.quick else full

    @asynccontextmanager
    async def place(self, picture_megabytes: float = 1.0) -> AsyncIterator[tuple[FarEnds, Path]]:
        """Serve both stand-ins until the block ends, beside a folder that vanishes then."""
        with tempfile.TemporaryDirectory(prefix="benchmark-", ignore_cleanup_errors=True) as folder:
            async with far_ends(self.either(picture_megabytes, QUICK_MEGABYTES)) as ends:
                yield ends, Path(folder)

    @property
    def poll_seconds(self) -> float:
        """Return how long a program waits between two looks at a picture."""
        return self.either(POLL_SECONDS, QUICK_POLL_SECONDS)

    def url(self, program: str, folder: Path) -> str:
        """Return the address of a new database for a program."""
        return self.new_database(SQLITE if program.startswith(SQLITE) else POSTGRESQL, folder)

    def starting(self, program: str, ends: FarEnds, folder: Path, settings: Mapping[str, object] = DEFAULTS) -> Running:
        """Return a program by its name, to be started on a new database; the floor is a bare discord.py bot."""
        if program == FLOOR:
            return bare_bot(ends, folder)
        usual = {"DATABASE_URL": self.url(program, folder), "GENERATION__POLL_SECONDS": self.poll_seconds}
        settings = {**usual, **settings}
        if program in WORKERS:
            return the_roles(ends, folder, settings, workers=WORKERS[program])
        return the_bot(ends, folder, settings)


def with_roles(*programs: str) -> list[str]:
    """Return the programs without those in roles, where the bot has none."""
    return [program for program in programs if HAS_ROLES or program not in WORKERS]
