"""SQLite's checkpoints on a thread of their own: within a commit, they would hold up everybody who waits to write."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Final

import structlog

log = structlog.get_logger(__name__)

_COMMITS: Final = 200  # between two checkpoints: about as many pages as SQLite leaves by itself
_LONG_PAGES: Final = 4000  # 16 MB
_BUSY_TIMEOUT_MS: Final = 30_000


class Checkpoints:
    """Moves committed pages from the write-ahead log into the file.

    PASSIVE checkpoints stop no reader and no writer; RESTART stops writers for the pages since the last PASSIVE one.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._commits = 0
        self._thread = ThreadPoolExecutor(1, "database-checkpoint")

    def committed(self) -> None:
        """Count a commit, and checkpoint after some; returns at once. Only the one writer calls this."""
        self._commits += 1
        if self._commits % _COMMITS == 0:
            self._thread.submit(self._checkpoint)

    def close(self) -> None:
        """Finish the checkpoint that runs; SQLite makes the last one itself."""
        self._thread.shutdown()

    def _checkpoint(self) -> None:
        try:
            with closing(sqlite3.connect(self._file)) as connection:
                connection.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
                connection.execute("PRAGMA synchronous=NORMAL")
                _, pages, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                if pages > _LONG_PAGES:  # somebody wrote during each of them, so the log was never begun again
                    connection.execute("PRAGMA wal_checkpoint(RESTART)")
        except sqlite3.Error as cause:  # a full disk, for example; the log only grows until the next one
            log.error("checkpoint_failed", cause=str(cause))
