"""Carrying on the work of processes that died or stopped, as soon as their lock is free."""

from collections.abc import Callable
from time import monotonic
from typing import Final

import structlog

from bot.alerts.alert import Alert
from bot.alerts.alerts import Alerts
from bot.generation.durable_queue import DurableQueue
from bot.generation.enqueueing import Enqueuer
from bot.generation.executor import Executor
from bot.metrics.metrics import Metrics
from bot.picture.shards import Shards
from bot.storage.executor_lock import ExecutorLocks
from bot.storage.executors import ExecutorRow, ExecutorStore

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 3.0
_GRACE_SECONDS: Final = 8.0  # a process that lost its lock for a moment, or is restarted, takes it again before
_AGAIN_SECONDS: Final = 30.0  # a process that is stuck without its lock still takes work from the queue


class Takeover:
    """Looks after the other processes: their work goes on here, and an alert names those that are gone."""

    def __init__(
        self,
        executor: Executor,
        locks: ExecutorLocks,
        store: ExecutorStore,
        queue: DurableQueue,
        enqueuer: Enqueuer,
        alerts: Alerts,
        metrics: Metrics,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._executor = executor
        self._locks = locks
        self._store = store
        self._queue = queue
        self._enqueuer = enqueuer
        self._alerts = alerts
        self._metrics = metrics
        self._clock = clock
        self._free_since: dict[ExecutorRow, float] = {}
        self._taken_over_at: dict[ExecutorRow, float] = {}

    async def look(self) -> None:
        """Take over what belongs to processes that have been gone for some seconds."""
        if not self._executor.may_work.is_set():
            return
        rows = [row for row in await self._store.all() if row.id != self._executor.id]
        ids = await self._locks.free(row.id for row in rows)
        free, now = [row for row in rows if row.id in ids], self._clock()
        self._free_since = {row: self._free_since.get(row, now) for row in free}
        self._taken_over_at = {row: at for row, at in self._taken_over_at.items() if row in free}
        living = [_shards(row) for row in rows if row.id not in ids]
        gone = [row for row in free if now - self._free_since[row] >= _GRACE_SECONDS]
        for row in gone:
            await self._take_over(row, living)
        missing = {row for row in free if not self._is_replaced(row, living)}
        self._tell(missing, missing & set(gone))

    async def _take_over(self, row: ExecutorRow, living: list[Shards]) -> None:
        """Make a process's work this one's, repeatedly while it is gone; under its lock, only the database is asked."""
        before, now = self._taken_over_at.get(row), self._clock()
        if before is not None and now - before < _AGAIN_SECONDS:
            return
        lock = self._locks.of(row.id)
        try:
            if not await lock.take():  # it is back, or another process was faster
                return
            pictures = await self._queue.take_over(row.id)
            waiting = await self._enqueuer.take_over(row.id)
            if not pictures and not waiting and self._is_replaced(row, living):
                await self._store.forget(row.id)
        finally:
            await lock.release()
        self._taken_over_at[row] = now
        if before is None or pictures or waiting:
            log.warning("executor_taken_over", executor=row.id, under_way=pictures, waiting=len(waiting))
        await self._enqueuer.enqueue_all(waiting)

    def _is_replaced(self, row: ExecutorRow, living: list[Shards]) -> bool:
        """Return True for a process that is not missing: it stopped by itself, or others serve its shards."""
        return row.has_stopped or _shards(row).are_served_by([self._executor.shards, *living])

    def _tell(self, missing: set[ExecutorRow], gone: set[ExecutorRow]) -> None:
        """Report processes that have been missing for some seconds; resolve the alert once none is missing."""
        names = sorted(row.id for row in gone)
        self._metrics.processes_gone(names)
        if names:
            self._alerts.report(Alert.PROCESS_GONE, detail=", ".join(names))
        elif not missing:
            self._alerts.resolved(Alert.PROCESS_GONE)


def _shards(row: ExecutorRow) -> Shards:
    return Shards(row.shard_count, row.shard_ids)
