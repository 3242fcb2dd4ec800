"""Which processes there are, so that the others notice when one is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from bot.storage.engine import Database
from bot.storage.tables import executors


@dataclass(frozen=True, slots=True)
class ExecutorRow:
    """A process by its executor id, with its shards; `shard_count` is None where it serves all that there are."""

    id: str
    shard_count: int | None
    shard_ids: tuple[int, ...]
    started_at: datetime  # which tells its lives apart
    has_stopped: bool = False  # in an orderly way


class ExecutorStore:
    """Stores the processes that work on this database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, row: ExecutorRow) -> None:
        """Store that a process works from now on."""
        values = {
            "started_at": row.started_at,
            "stopped_at": None,
            "shard_count": row.shard_count,
            "shard_ids": list(row.shard_ids),
        }

        def work(connection: Connection) -> None:
            if not connection.execute(update(executors).where(executors.c.id == row.id).values(**values)).rowcount:
                connection.execute(insert(executors).values(id=row.id, **values))

        await self._database.write(work)

    async def stop(self, executor_id: str, at: datetime) -> None:
        """Store that a process has stopped in an orderly way."""
        statement = update(executors).where(executors.c.id == executor_id).values(stopped_at=at)
        await self._database.write(lambda connection: connection.execute(statement))

    async def forget(self, executor_id: str) -> None:
        """Forget a process that is not expected back."""
        statement = delete(executors).where(executors.c.id == executor_id)
        await self._database.write(lambda connection: connection.execute(statement))

    async def all(self) -> Sequence[ExecutorRow]:
        """Return every process that was not forgotten."""
        return await self._database.read(
            lambda connection: [
                ExecutorRow(row.id, row.shard_count, tuple(row.shard_ids), row.started_at, row.stopped_at is not None)
                for row in connection.execute(select(executors).order_by(executors.c.id))
            ]
        )
