"""Rows in DBOS's queue: many in one transaction, in the order in which members asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from dbos import DBOSClient, EnqueueOptions
from sqlalchemy import URL, Connection, Engine, Update, bindparam, column, create_engine, event, table, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bot.generation.picture_queue import QueuedPicture
from bot.storage.pubsub import notification

_BUSY_TIMEOUT_MS: Final = 30_000


class EnqueuedWorkflows:
    """Adds workflows to a queue, through one connection of its own."""

    def __init__(self, url: URL, application_name: str, workflow_name: str, queue_name: str, notice: str) -> None:
        """`notice` is published with each batch on PostgreSQL, where other processes serve the queue too."""
        is_sqlite = url.get_backend_name() == "sqlite"
        self._engine = _sqlite_engine(url) if is_sqlite else _postgresql_engine(url)
        self._client = DBOSClient(
            system_database_engine=self._engine, application_name=application_name, lazy=True
        )  # it migrates and starts nothing
        self._workflow_name = workflow_name
        self._queue_name = queue_name
        self._notice = None if is_sqlite else notification(notice)
        self._set_created_at = _set_created_at(None if is_sqlite else "dbos")

    def add(self, pictures: Sequence[QueuedPicture]) -> None:
        """Add a workflow for each picture, all or none; one that is there already stays as it is; blocks."""
        with self._engine.begin() as connection:
            for each in pictures:
                self._add(connection, each)
            # DBOS's own times are those of the transaction, in SQLite whole seconds, and so the same for many.
            asked = [{"which": str(each.id), "asked": _milliseconds(each.asked_at)} for each in pictures]
            connection.execute(self._set_created_at, asked)
            if self._notice is not None:
                connection.execute(self._notice)

    def _add(self, connection: Connection, picture: QueuedPicture) -> None:
        options = EnqueueOptions(
            workflow_name=self._workflow_name,
            queue_name=self._queue_name,
            workflow_id=str(picture.id),
            queue_partition_key=picture.partition,
        )
        self._client.enqueue_in_transaction(connection, options, str(picture.id))

    def close(self) -> None:
        """Close the connection."""
        self._client.destroy()
        self._engine.dispose()


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"), pool_size=1, max_overflow=0, pool_pre_ping=True, hide_parameters=True
    )


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _configure_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # or sqlite3 begins transactions of its own
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={_BUSY_TIMEOUT_MS}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _set_created_at(schema: str | None) -> Update:
    workflows = table("workflow_status", column("workflow_uuid"), column("created_at"), column("status"), schema=schema)
    waiting = (workflows.c.workflow_uuid == bindparam("which")) & (workflows.c.status == "ENQUEUED")
    return update(workflows).where(waiting).values(created_at=bindparam("asked"))


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
