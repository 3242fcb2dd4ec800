"""The folders that things are kept in."""

from pathlib import Path

from bot.errors import StartupError


def make_folder(folder: Path, setting: str) -> None:
    """Make a folder unless it is there; raise `StartupError` that names the setting it comes from."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise StartupError(f"{setting}: the folder {folder} cannot be made ({cause.strerror}).") from cause
