"""Failures of a database: a temporary outage, or a start that can't succeed, each in a few words."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import StartupError, StorageUnavailable

_READ_ONLY: Final = "25006"  # PostgreSQL's word during a failover
# What psycopg does not count among its `OperationalError`s although it passes: the last two are transactions that the
# server ended because they took too long.
_PASSING: Final = frozenset({_READ_ONLY, "25P03", "25P04"})
_WORDS_MAX = 200
_NO_ROOM: Final = (
    r"full|No space|File too large|disk I/O error|SQLITE_FULL",
    "There is no room left for the database.",
    "Free some disk space.",
)
# What each database says, the problem, and what the operator can do; the first that is found counts.
_REMEDIES: Final = {
    "postgresql": (
        (
            r'database "[^"]*" does not exist',
            "The database in {setting} doesn't exist.",
            "Create it, or correct its name.",
        ),
        (
            r"password authentication failed|role .* does not exist|no password supplied",
            "The database doesn't accept the user and password in {setting}.",
            "Correct them.",
        ),
        (
            r"permission denied for",
            "The user in {setting} may not create schemas or tables.",
            "GRANT it CREATE on the database and schema.",
        ),
        (r"read-only", "The server in {setting} is read-only, like a standby.", "Use the address of the primary."),
        _NO_ROOM,
    ),
    "sqlite": (
        (
            r"not a database|malformed",
            "{file} of {setting} isn't a SQLite database, or is damaged.",
            "Name another file, or restore a backup.",
        ),
        (
            r"readonly|read-only|[Pp]ermission denied|unable to open",
            "{file} of {setting} can't be written.",
            "Check the permissions of the file and its folder, and the file system.",
        ),
        _NO_ROOM,
        (r"locked", "Another program has locked {file} of {setting}.", "Stop it, and try again."),
    ),
}


class DatabaseUnavailable(StorageUnavailable):
    """Say that the database does not answer, or takes nothing right now."""


@contextmanager
def database_outages() -> Iterator[None]:
    """Translate what a driver raises while its database is locked, full or gone, and let mistakes of ours pass."""
    try:
        yield
    except (DBAPIError, psycopg.Error, PoolTimeout) as cause:
        if outage := database_outage(cause):
            raise outage from cause
        raise


def database_outage(error: BaseException) -> DatabaseUnavailable | None:
    """Return the outage that an error of the database stands for, or None if it is something else."""
    match error:
        case DatabaseUnavailable():
            return error
        case DBAPIError() if _is_outage(error):
            return DatabaseUnavailable(f"{type(error).__name__}: {_first_line(error.orig)}")
        case psycopg.OperationalError() | psycopg.InterfaceError() | PoolTimeout():  # of a pool: all connections wait
            return DatabaseUnavailable(f"{type(error).__name__}: {_first_line(error)}")
        case _:
            return None


@contextmanager
def outage_ends_process(database_url: str) -> Iterator[None]:
    """Raise `StartupError` with a remedy for an outage of the database, and let mistakes of ours pass."""
    try:
        yield
    except Exception as cause:
        if outage := database_outage(cause):
            raise _startup_error(make_url(database_url), outage, "DATABASE_URL") from cause
        raise


@contextmanager
def database_startup(url: URL, setting: str = "DATABASE_URL") -> Iterator[None]:
    """Raise `StartupError` with a remedy for any failure of the database at `url`, which `setting` names."""
    try:
        yield
    except (DatabaseUnavailable, SQLAlchemyError, sqlite3.Error, psycopg.Error, OSError) as cause:
        raise _startup_error(url, cause, setting) from cause


def is_read_only(cause: BaseException) -> bool:
    """Return True if PostgreSQL refused to write, as a server does that is another's standby now."""
    return getattr(cause, "sqlstate", None) == _READ_ONLY


def _is_outage(cause: DBAPIError) -> bool:
    if getattr(cause.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:  # a table that is missing, for one
        return False
    return isinstance(cause, OperationalError | InterfaceError) or getattr(cause.orig, "sqlstate", "") in _PASSING


def _startup_error(url: URL, cause: BaseException, setting: str) -> StartupError:
    said = cause.reason if isinstance(cause, DatabaseUnavailable) else f"{type(cause).__name__}: {cause}"
    for pattern, problem, remedy in _REMEDIES[url.get_backend_name()]:
        if re.search(pattern, said):
            return StartupError(problem.format(file=url.database, setting=setting), remedy)
    first_line = said.splitlines()[0][:_WORDS_MAX]
    return StartupError(f"The database isn't responding ({first_line}).", f"Check {setting} and that the server runs.")


def _first_line(cause: BaseException | None) -> str:
    return str(cause).strip().partition("\n")[0][:_WORDS_MAX]
