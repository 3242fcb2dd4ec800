"""The folders for stored and temporary files."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.errors import StartupError

_PREFIX: Final = "imagine-bot-"
_YOUNG_SECONDS = 3600.0  # between making a folder and locking it lies a moment


def make_private_folder(folder: Path, setting: str) -> None:
    """Make a folder unless it is there; raise `StartupError` that names the setting it comes from."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise StartupError(
            f"{setting}: the folder {folder} can't be created ({cause.strerror}).",
            f"Change {setting}, or let this user create the folder.",
        ) from cause


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a folder for files in passing, gone after the block; a lock tells that its process lives."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name, _locked(Path(name)):
        yield Path(name)


def sweep_scratch() -> int:
    """Remove what processes left behind that were killed, and return how many folders that were; blocks."""
    return sum(_removed(folder) for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"))


def _removed(folder: Path) -> bool:
    """Remove a folder unless it is young, in use, or somebody else's, and say whether it was removed."""
    try:
        if time.time() - folder.stat().st_mtime < _YOUNG_SECONDS:
            return False
        with _locked(folder):
            shutil.rmtree(folder)
    except (BlockingIOError, FileNotFoundError, NotADirectoryError, PermissionError):
        return False
    return True


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder, which the system takes from a process that dies; raise `BlockingIOError` if taken."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)
