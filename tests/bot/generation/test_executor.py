"""The operator whose database refuses a write as a process starts or stops: a sentence, and no lock that stays."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.errors import StartupError
from bot.generation.executor import Executor
from bot.picture.shards import Shards
from bot.storage.engine import Database
from bot.storage.executor_lock import ExecutorLocks
from bot.storage.executors import ExecutorStore
from tests.promises import ProcessFault

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'read-only' USING ERRCODE = '25006'; END $$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON executors EXECUTE FUNCTION refuse();
"""


@pytest.fixture
async def executor(database: Database) -> AsyncIterator[Executor]:
    """A process that serves all shards."""
    executor = Executor(Shards(None, ()), ExecutorLocks(database), ExecutorStore(database))
    async with executor.released_afterwards():
        yield executor


async def refuse_writes(database: Database) -> None:
    """Answer every write to the table of processes as a standby does."""
    await database.write(lambda connection: connection.execute(text(REFUSE)))


async def is_free(database: Database, executor: Executor) -> bool:
    return executor.id in await ExecutorLocks(database).free([executor.id])


@pytest.mark.promise(ProcessFault.LOCK_WRITE_FAILS)
async def test_a_start_that_cannot_be_saved_is_one_sentence(database: Database, executor: Executor) -> None:
    """It names the setting, and the lock is free for the next start."""
    await refuse_writes(database)
    async with executor.released_afterwards():
        with pytest.raises(StartupError, match=r"^The database does not answer .*Check DATABASE_URL"):
            await executor.take()
        assert not executor.may_work.is_set()
    assert await is_free(database, executor)


@pytest.mark.promise(ProcessFault.LOCK_WRITE_FAILS)
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
