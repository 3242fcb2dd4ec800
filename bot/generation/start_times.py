"""Starts that lie in the future, once a clock was set back: DBOS would count them until that future comes."""

import time
from typing import Final

from sqlalchemy import URL, Connection, NullPool, column, create_engine, event, func, select, table, update

_TOLERATED_MS: Final = 1000


def pull_back_starts(url: URL, queue: str) -> float:
    """Move starts that lie in the future back, the latest to this moment, and return by how many seconds; blocks.

    DBOS limits the starts a minute by counting those that are younger than a minute, by the database's clock. After
    that clock is set back, earlier starts stay "younger" until it has caught up, and nothing is started until then.
    Moved back all together, they keep their distances, and so the rate is kept.
    """
    is_sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(url if is_sqlite else url.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    if is_sqlite:
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=30000"))
    with engine.begin() as connection:
        now_ms = time.time() * 1000 if is_sqlite else _database_ms(connection)
        return _pull_back(connection, None if is_sqlite else "dbos", queue, now_ms)


def _database_ms(connection: Connection) -> float:
    return float(connection.execute(select(func.extract("epoch", func.now()))).scalar_one()) * 1000


def _pull_back(connection: Connection, schema: str | None, queue: str, now_ms: float) -> float:
    workflows = table("workflow_status", column("queue_name"), column("started_at_epoch_ms"), schema=schema)
    started, ours = workflows.c.started_at_epoch_ms, workflows.c.queue_name == queue
    latest = connection.execute(select(func.max(started)).where(ours)).scalar_one()
    ahead_ms = 0 if latest is None else int(latest - now_ms)
    if ahead_ms <= _TOLERATED_MS:
        return 0.0
    future = ours & (started > now_ms)
    connection.execute(update(workflows).where(future).values(started_at_epoch_ms=started - ahead_ms))
    return ahead_ms / 1000
