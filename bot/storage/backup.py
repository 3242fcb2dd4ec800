"""Copies of both databases that fit together, taken while the bot runs, and the way back."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import URL

from bot.errors import StartupError
from bot.storage.database_failures import database_startup
from bot.storage.engine import durable_url
from bot.storage.scratch import make_private_folder

_DUMP: Final = "database.dump"  # of PostgreSQL
_COPIES: Final = ("workflows.db", "imagine.db")  # of SQLite's files, whatever their names are
_BUSY_SECONDS: Final = 60.0


def copy_databases(url: URL, folder: Path) -> None:
    """Copy our tables and DBOS's into a folder, both as of one moment; raise `StartupError` with what to do."""
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(url, folder)
    else:
        _run_tool("pg_dump", url, "--format=custom", f"--file={folder / _DUMP}")


def restore_databases(url: URL, folder: Path) -> None:
    """Put back what `copy_databases` wrote; raise `StartupError` with what to do."""
    if url.get_backend_name() == "sqlite":
        _restore_sqlite(_files(url), folder)
    else:
        _run_tool("pg_restore", url, "--no-owner", "--single-transaction", "--exit-on-error", str(folder / _DUMP))


def check_empty(url: URL) -> None:
    """Raise `StartupError` if there is a database already that a restored one would replace."""
    if url.get_backend_name() == "postgresql":
        with psycopg.connect(_conninfo(url)) as connection:
            full = connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL").fetchone() == (True,)
        if full:
            raise StartupError("DATABASE_URL: the database isn't empty.", "Restore into a new one.")
    for file in _files(url) if url.get_backend_name() == "sqlite" else ():
        if file.exists():
            raise StartupError(f"DATABASE_URL: {file} exists.", "Stop the bot and move its database files away first.")


def _files(url: URL) -> tuple[Path, Path]:
    return Path(durable_url(url).database or ""), Path(url.database or "")


def _copy_sqlite(url: URL, folder: Path) -> None:
    """Copy files while no one writes to any of them, so that a workflow and its picture's row agree."""
    files = _files(url)
    missing = [file for file in files if not file.exists()]
    if missing:
        raise StartupError(
            f"DATABASE_URL: there is no database to back up at {missing[0]}.", "Correct DATABASE_URL, or start the bot."
        )
    with ExitStack() as stack:
        with database_startup(url):
            for file in files:
                writer = stack.enter_context(closing(sqlite3.connect(file, _BUSY_SECONDS, isolation_level=None)))
                writer.execute("BEGIN IMMEDIATE")
        for file, name in zip(files, _COPIES, strict=True):
            source = stack.enter_context(closing(sqlite3.connect(file)))
            with _copy_written(folder), closing(sqlite3.connect(folder / name)) as copy:
                source.backup(copy)


@contextmanager
def _copy_written(folder: Path) -> Iterator[None]:
    """Raise `StartupError` about the backup's folder: the database itself has just taken a lock."""
    try:
        yield
    except sqlite3.Error as cause:
        raise StartupError(
            f"The database couldn't be copied into {folder} ({cause}).",
            "Choose a folder that this user may write, on a disk with enough room.",
        ) from cause


def _restore_sqlite(files: Sequence[Path], folder: Path) -> None:
    """Copy the files back; ours comes last, since the bot's start looks for that one."""
    for file, name in zip(files, _COPIES, strict=True):
        make_private_folder(file.parent, "DATABASE_URL")
        aside = file.with_name(f"{file.name}.restoring")
        shutil.copyfile(folder / name, aside)
        aside.replace(file)


def _run_tool(tool: str, url: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's own tools; its password goes through the environment, which `ps` does not show."""
    connection = conninfo_to_dict(_conninfo(url))
    password = {"PGPASSWORD": str(connection.pop("password"))} if "password" in connection else {}
    command = [tool, f"--dbname={make_conninfo('', **connection)}", *arguments]
    try:
        subprocess.run(command, env=os.environ | password, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError:
        raise StartupError(f"{tool} isn't installed.", "Install PostgreSQL's client tools, then try again.") from None
    except subprocess.CalledProcessError as cause:
        said = cause.stderr.strip().splitlines() or [f"exit code {cause.returncode}"]
        raise StartupError(
            f"{tool} failed ({said[-1]}).", "Check DATABASE_URL, and that the backup's folder has enough room."
        ) from None


def _conninfo(url: URL) -> str:
    """Return the address as libpq takes it."""
    arguments, options = url.set(drivername="postgresql+psycopg").get_dialect()().create_connect_args(url)
    return make_conninfo(*arguments, **options)
