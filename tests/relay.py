"""A relay in front of PostgreSQL that loses the answer to a COMMIT, as a failover or a firewall does."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url

_SOCKET = ".s.PGSQL.5432"
_CHUNK_BYTES = 64 * 1024


class Relay:
    """Passes everything on until it is armed: then the next COMMIT after an INSERT into `table` goes unanswered."""

    def __init__(self, server: Path) -> None:
        self.url = ""
        self._server = server
        self._insert: bytes | None = None

    def lose_commit_of(self, table: str) -> None:
        """Cut the connection that next commits a new row of `table`, once the server has committed it."""
        self._insert = f"INSERT INTO {table} ".encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Relay one connection."""
        answers, questions = await asyncio.open_unix_connection(str(self._server))
        lost = asyncio.Event()
        ways = [self._ask(reader, questions, lost), self._answer(answers, writer, lost)]
        tasks = [asyncio.create_task(way) for way in ways]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        for side in (writer, questions):
            side.close()

    async def _ask(self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, lost: asyncio.Event) -> None:
        inserted = False
        while data := await reader.read(_CHUNK_BYTES):
            inserted = inserted or (self._insert is not None and self._insert in data)
            if inserted and b"COMMIT" in data:
                self._insert = None
                lost.set()
            server.write(data)
            await server.drain()

    async def _answer(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter, lost: asyncio.Event) -> None:
        while data := await reader.read(_CHUNK_BYTES):
            if lost.is_set():
                return
            client.write(data)
            await client.drain()


@asynccontextmanager
async def relay_to(database_url: str) -> AsyncIterator[Relay]:
    """Relay to the server of a database on a unix socket, at the relay's `url`, until the block ends."""
    url, folder = make_url(database_url), Path(tempfile.mkdtemp(prefix="imagine-relay-"))
    relay = Relay(Path(str(url.query["host"])) / _SOCKET)
    relay.url = url.update_query_dict({"host": str(folder)}).render_as_string(hide_password=False)
    try:
        async with await asyncio.start_unix_server(relay.serve, folder / _SOCKET):
            yield relay
    finally:
        shutil.rmtree(folder)
