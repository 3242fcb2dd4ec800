"""The operator whose database refuses a write as a process starts or stops: a sentence, and no lock that stays."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.errors import StartupError
from bot.generation.executor import Executor
from bot.picture.shards import Shards
from bot.storage.engine import Database
from bot.storage.executor_lock import ExecutorLocks
from bot.storage.executors import ExecutorStore
from tests.promises import ProcessFault

postgresql_only = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

CUT = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'read-only' USING ERRCODE = '25006'; END $$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON executors EXECUTE FUNCTION refuse();
"""


@pytest.fixture
async def executor(database: Database) -> AsyncIterator[Executor]:
    """A process that serves all shards."""
    executor = Executor.of_shards(Shards(None, ()), ExecutorLocks(database), ExecutorStore(database))
    async with executor.released_afterwards():
        yield executor


async def refuse_writes(database: Database) -> None:
    """Answer every write to the table of processes as a standby does."""
    await database.write(lambda connection: connection.execute(text(REFUSE)))


async def lose_lock(database: Database) -> None:
    """Break the connection that holds the lock, or delete its file."""
    if database.file is None:
        await database.write(lambda connection: connection.execute(text(CUT)))
    else:
        for each in database.file.parent.glob("*.lock"):
            each.unlink()


async def until_logged(lines: list[EventDict], event: str) -> None:
    """Wait for a line in the log."""
    async with asyncio.timeout(60):
        while not any(line["event"] == event for line in lines):  # noqa: ASYNC110  (a log tells nobody)
            await asyncio.sleep(0.02)


async def is_free(database: Database, executor: Executor) -> bool:
    return executor.id in await ExecutorLocks(database).free([executor.id])


@pytest.mark.promise(ProcessFault.LOCK_WRITE_FAILS)
@postgresql_only
async def test_a_start_that_cannot_be_saved_is_one_sentence(database: Database, executor: Executor) -> None:
    """It names the setting, and the lock is free for the next start."""
    await refuse_writes(database)
    async with executor.released_afterwards():
        with pytest.raises(StartupError, match=r"^The database isn't responding .*Check DATABASE_URL"):
            await executor.take()
        assert not executor.may_work.is_set()
    assert await is_free(database, executor)


@pytest.mark.promise(ProcessFault.LOCK_WRITE_FAILS)
@postgresql_only
async def test_a_stop_that_cannot_be_saved_frees_the_lock(database: Database, executor: Executor) -> None:
    """The next process starts without waiting, and one line says what was not saved."""
    with capture_logs() as lines:
        async with executor.released_afterwards():
            await executor.take()
            assert not await is_free(database, executor)
            await refuse_writes(database)
    assert await is_free(database, executor)
    assert not executor.may_work.is_set()
    assert [line["event"] for line in lines] == ["stop_not_recorded"]


@pytest.mark.promise(ProcessFault.PROCESS_ROW_DELETED)
async def test_a_process_that_was_forgotten_is_known_again(database: Database, executor: Executor) -> None:
    """Another process deleted its row while its lock was lost; without a row, nobody would take over its work."""
    store = ExecutorStore(database)
    await executor.take()
    [before] = await store.all()
    await store.forget(executor.id)
    with capture_logs() as lines:
        await lose_lock(database)
        await until_logged(lines, "executor_lock_reacquired")
    assert await store.all() == [before]


@pytest.mark.promise(ProcessFault.PROCESS_ROW_DELETED)
@postgresql_only
async def test_a_process_does_not_work_before_its_row_is_saved(database: Database, executor: Executor) -> None:
    """With its lock taken again, it waits for a database that can be written."""
    await executor.take()
    await refuse_writes(database)
    with capture_logs() as lines:
        await lose_lock(database)
        await until_logged(lines, "executor_row_not_saved")
        assert not executor.may_work.is_set()
        await database.write(lambda connection: connection.execute(text("DROP FUNCTION refuse CASCADE")))
        async with asyncio.timeout(60):
            await executor.may_work.wait()
    assert not await is_free(database, executor)
