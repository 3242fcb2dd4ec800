"""The operator who starts a process too many: the lock of an executor id is held once."""

import asyncio
from pathlib import Path

import pytest

from bot.storage.engine import Database, parse_database_url
from bot.storage.executor_lock import ExecutorLocks
from tests.pooler import needs_pgbouncer
from tests.promises import ProcessFault

ID = "shards-0-1"
ANYWHERE = ["sqlite", "postgresql", pytest.param("pooled", marks=needs_pgbouncer)]
CUT = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"

everywhere = pytest.mark.parametrize("database_url", ANYWHERE, indirect=True)


@pytest.fixture
def locks(database_url: str) -> ExecutorLocks:
    return ExecutorLocks(Database(parse_database_url(database_url)))


@pytest.mark.promise(ProcessFault.SAME_SHARDS)
@everywhere
async def test_a_lock_is_held_once(locks: ExecutorLocks) -> None:
    """A second holder is rejected until the first one releases the lock; in the meantime, other ids are free."""
    first, second = locks.of(ID), locks.of(ID)
    assert await locks.free([ID, "shards-2"]) == {ID, "shards-2"}
    assert await first.take()
    for _ in range(2):
        assert not await second.take()
        assert await first.is_held()
    assert await locks.free([ID, "shards-2"]) == {"shards-2"}
    await first.release()
    assert not await first.is_held()
    assert await second.take()
    await second.release()


@pytest.mark.parametrize("database_url", ANYWHERE[1:], indirect=True)
async def test_a_lock_that_is_lost_is_noticed_and_can_be_taken_again(locks: ExecutorLocks, postgres_url: str) -> None:
    """A connection that breaks frees the lock at once, and its holder knows."""
    lock, direct = locks.of(ID), Database(parse_database_url(postgres_url))
    assert await lock.take()
    async with await direct.connect_apart() as connection:
        await connection.execute(CUT)
    assert not await lock.is_held()
    assert await lock.take()
    await lock.release()
    await direct.close()


@pytest.mark.promise(ProcessFault.LOCK_LOST)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_lock_file_that_was_deleted_locks_nothing(locks: ExecutorLocks, database_url: str) -> None:
    """Its holder notices, and so does not work beside another one that has made a new file."""
    lock, other = locks.of(ID), locks.of(ID)
    assert await lock.take()
    file = parse_database_url(database_url).database or ""
    for each in Path(file).parent.glob("*.lock"):
        each.unlink()
    assert not await lock.is_held()
    assert await other.take()
    assert not await lock.take()
    await other.release()


@pytest.mark.parametrize("database_url", ANYWHERE[1:], indirect=True)
async def test_a_lock_holds_nobody_up_who_cleans_or_indexes(locks: ExecutorLocks, postgres_url: str) -> None:
    """Its transaction has no snapshot, or DBOS's own migrations would wait for it, and it for them."""
    lock, direct = locks.of(ID), Database(parse_database_url(postgres_url))
    async with await direct.connect_apart() as connection, asyncio.timeout(20):
        await connection.execute("CREATE TABLE things (id int)")
        assert await lock.take()
        assert await lock.is_held()
        await connection.execute("CREATE INDEX CONCURRENTLY things_by_id ON things (id)")
        answer = await connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '%lock of%'"
        )
        assert await answer.fetchone() == (1,)
    await lock.release()
    await direct.close()
