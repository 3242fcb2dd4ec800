"""Noticing by their locks that processes died or stopped, and alerting the operator."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from bot.alerts.alert import Alert
from bot.alerts.alerts import Alerts
from bot.generation.executor import Executor
from bot.metrics.metrics import Metrics
from bot.picture.shards import GATEWAY, WORKER, Shards
from bot.storage.executor_lock import ExecutorLocks
from bot.storage.executors import ExecutorRow, ExecutorStore

LOOK_SECONDS: Final = 3.0
_GRACE_SECONDS: Final = 8.0  # a process that lost its lock for a moment, or is restarted, takes it again before


class ProcessWatch:
    """Looks after the other processes: an alert names those that are gone and that no other replaces."""

    def __init__(
        self,
        executor: Executor,
        locks: ExecutorLocks,
        store: ExecutorStore,
        alerts: Alerts,
        metrics: Metrics,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.executor = executor
        self.locks = locks
        self.store = store
        self.clock = clock
        self._alerts = alerts
        self._metrics = metrics
        self._free_since: dict[ExecutorRow, float] = {}
        self._living: Sequence[ExecutorRow] = ()

    async def look(self) -> Sequence[ExecutorRow]:
        """Return the processes that have been gone for some seconds, and alert the operator."""
        if not self.executor.may_work.is_set():
            return []
        rows = [row for row in await self.store.all() if row.id != self.executor.id]
        ids = await self.locks.free(row.id for row in rows)
        free, now = [row for row in rows if row.id in ids], self.clock()
        self._free_since = {row: self._free_since.get(row, now) for row in free}
        self._living = [row for row in rows if row.id not in ids]
        gone = [row for row in free if now - self._free_since[row] >= _GRACE_SECONDS]
        missing = {row for row in free if not self.is_replaced(row)}
        self._tell(missing, missing & set(gone))
        return gone

    def is_replaced(self, row: ExecutorRow) -> bool:
        """Return True for a process that is not missing: it stopped by itself, or others serve its shards.

        A worker is as good as any other, and only missing them all is a problem.
        """
        if row.has_stopped or row.id.startswith(WORKER):
            return True
        return _shards(row).are_served_by([self.executor.shards, *map(_shards, self._living)])

    @property
    def are_pictures_made(self) -> bool:
        """Return True if a living process makes pictures, as of the last look."""
        return any(not each.startswith(GATEWAY) for each in (self.executor.id, *(row.id for row in self._living)))

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
