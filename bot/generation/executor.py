"""The right of a process to work under its executor id: it holds that id's lock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Final, Self

import psycopg
import structlog

from bot.errors import StartupError, StorageUnavailable
from bot.picture.shards import NO_SHARDS, WORKER, Shards
from bot.storage.executor_lock import PING_SECONDS, ExecutorLock, ExecutorLocks
from bot.storage.executors import ExecutorRow, ExecutorStore

log = structlog.get_logger(__name__)

# Longer than a process takes to stop, and than PostgreSQL keeps the lock of one whose machine died.
_LOCK_TIMEOUT_SECONDS: Final = 15.0
_RETRY_SECONDS: Final = 0.5
_DATABASE_FAILURES: Final = (psycopg.Error, StorageUnavailable)


class Executor:
    """Takes the lock, watches over it, and gives it back; `may_work` is set while it is held."""

    def __init__(
        self,
        executor_id: str,
        shards: Shards,
        locks: ExecutorLocks,
        store: ExecutorStore,
        *,
        lock: ExecutorLock | None = None,
        rival_id: str | None = None,
    ) -> None:
        """`lock` is that of the id, if it is taken already; while the rival works, this process doesn't start."""
        self.id = executor_id
        self.may_work = asyncio.Event()
        self.shards = shards
        self._locks = locks
        self._lock = lock or locks.of(executor_id)
        self._rival_id = rival_id
        self._store = store
        self._row = ExecutorRow(self.id, shards.count, shards.ids, started_at=datetime.now(UTC))
        self._keeping: asyncio.Task[None] | None = None

    @classmethod
    def of_shards(cls, shards: Shards, locks: ExecutorLocks, store: ExecutorStore) -> Self:
        """Return the right to do everything for shards, not yet taken."""
        return cls(shards.executor_id, shards, locks, store, rival_id=shards.gateway_id)

    @classmethod
    def of_gateway(cls, shards: Shards, locks: ExecutorLocks, store: ExecutorStore) -> Self:
        """Return the right to answer the members of shards, not yet taken."""
        return cls(shards.gateway_id, shards, locks, store, rival_id=shards.executor_id)

    @classmethod
    async def of_worker(cls, locks: ExecutorLocks, store: ExecutorStore) -> Self:
        """Return the right to work as the worker with the lowest free number, with its lock.

        So a worker that is restarted comes back to its own work, or to that of another one that died.
        """
        number = 1
        while not await (lock := locks.of(f"{WORKER}-{number}")).take():
            number += 1
        return cls(f"{WORKER}-{number}", NO_SHARDS, locks, store, lock=lock)

    async def take(self) -> None:
        """Take the lock; raise `StartupError` if another process still holds it, or if the database takes nothing."""
        await self._take(self._in_use(), database_timeout_seconds=_LOCK_TIMEOUT_SECONDS)
        try:
            await self._store.begin(self._row)
        except StorageUnavailable as cause:
            raise _silent(cause) from cause
        self.may_work.set()
        self._keeping = asyncio.create_task(self._keep(), name="executor lock")

    async def until_replaced(self) -> None:
        """Return never; raise `StartupError` once the lock was lost and another process took it."""
        if self._keeping is not None:
            await asyncio.shield(self._keeping)

    async def why_not_working(self) -> str | None:
        """Return why nothing is ordered, or None while the lock is held."""
        return None if self.may_work.is_set() else f"the lock of {self.id} is not held"

    @asynccontextmanager
    async def released_afterwards(self) -> AsyncIterator[None]:
        """Give the lock back after the block, if it was taken."""
        try:
            yield
        finally:
            await self._release()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            if await self._lock.is_held():
                continue
            self.may_work.clear()
            log.error("executor_lock_lost", executor=self.id)
            await self._take_again()
            self.may_work.set()
            log.warning("executor_lock_reacquired", executor=self.id)

    async def _take_again(self) -> None:
        """Take the lock and save the row, which another process may have deleted in the meantime."""
        while True:
            if not await self._lock.is_held():
                await self._take(self._in_use(), database_timeout_seconds=None)
            try:
                await self._store.begin(self._row)
            except StorageUnavailable as cause:
                log.warning("executor_row_not_saved", executor=self.id, cause=cause.reason)
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return

    async def _take(self, in_use: StartupError, database_timeout_seconds: float | None) -> None:
        """Try until the lock is held; raise `in_use` if another process keeps it, or if the database stays silent."""
        began, refused_since = monotonic(), None
        while True:
            try:
                if (await self._lock.is_held() or await self._lock.take()) and not await self._has_rival():
                    return
            except _DATABASE_FAILURES as cause:
                refused_since = None
                log.warning("executor_lock_unreachable", executor=self.id, cause=_in_short(cause))
                if database_timeout_seconds is not None and monotonic() - began > database_timeout_seconds:
                    raise _silent(cause) from cause
            except OSError as cause:
                raise StartupError(
                    f"DATABASE_URL: no file beside the database can be locked ({cause}).",
                    "Put the database on a local file system where this user can write.",
                ) from cause
            else:
                if refused_since is None:
                    refused_since = monotonic()
                    log.warning(
                        "executor_lock_held_by_another", executor=self.id, waiting_seconds=_LOCK_TIMEOUT_SECONDS
                    )
                if monotonic() - refused_since > _LOCK_TIMEOUT_SECONDS:
                    raise in_use
            await asyncio.sleep(_RETRY_SECONDS)

    async def _has_rival(self) -> bool:
        return self._rival_id is not None and self._rival_id not in await self._locks.free([self._rival_id])

    def _in_use(self) -> StartupError:
        if self.shards == NO_SHARDS:
            return StartupError(f"Another worker has become {self.id}.", "Start this one again.")
        shards = f"SHARD_IDS={','.join(map(str, self.shards.ids))}" if self.shards.ids else "all shards"
        return StartupError(
            f"Another process already serves {shards} with this database.",
            "Stop it first, or give each process its own SHARD_IDS.",
        )

    async def _release(self) -> None:
        """Give the lock back whatever else fails."""
        try:
            if self._keeping is not None:
                self._keeping.cancel()
                await asyncio.gather(self._keeping, return_exceptions=True)
                await self._note_stop()
        finally:
            self.may_work.clear()
            await self._lock.release()

    async def _note_stop(self) -> None:
        if not await self._lock.is_held():
            return
        try:
            await self._store.stop(self.id, datetime.now(UTC))
        except StorageUnavailable as cause:  # the others will take it for killed, and do the same
            log.warning("stop_not_recorded", executor=self.id, cause=cause.reason)


def _in_short(cause: BaseException) -> str:
    return cause.reason if isinstance(cause, StorageUnavailable) else type(cause).__name__


def _silent(cause: BaseException) -> StartupError:
    return StartupError(
        f"The database isn't responding ({_in_short(cause)}).",
        "Check DATABASE_URL and DATABASE_DIRECT_URL, and that the server runs.",
    )
