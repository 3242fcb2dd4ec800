"""Carrying on the work of processes that died or stopped, as soon as their lock is free."""

from typing import Final

import structlog

from bot.generation.durable_queue import DurableQueue
from bot.generation.enqueueing import Enqueuer
from bot.maintenance.process_watch import ProcessWatch
from bot.storage.executors import ExecutorRow

log = structlog.get_logger(__name__)

_AGAIN_SECONDS: Final = 30.0  # a process that is stuck without its lock still takes work from the queue


class Takeover:
    """Continues the pictures of processes that are gone."""

    def __init__(self, watch: ProcessWatch, queue: DurableQueue, enqueuer: Enqueuer) -> None:
        self._watch = watch
        self._queue = queue
        self._enqueuer = enqueuer
        self._taken_over_at: dict[ExecutorRow, float] = {}

    async def look(self) -> None:
        """Take over what belongs to processes that have been gone for some seconds."""
        gone = await self._watch.look()
        self._taken_over_at = {row: at for row, at in self._taken_over_at.items() if row in gone}
        for row in gone:
            await self._take_over(row)

    async def _take_over(self, row: ExecutorRow) -> None:
        """Make a process's work this one's, repeatedly while it is gone; under its lock, only the database is asked."""
        before, now = self._taken_over_at.get(row), self._watch.clock()
        if before is not None and now - before < _AGAIN_SECONDS:
            return
        lock = self._watch.locks.of(row.id)
        try:
            if not await lock.take():  # it is back, or another process was faster
                return
            pictures = await self._queue.take_over(row.id)
            waiting = await self._enqueuer.take_over(row.id)
            if not pictures and not waiting and self._watch.is_replaced(row):
                await self._watch.store.forget(row.id)
        finally:
            await lock.release()
        self._taken_over_at[row] = now
        if before is None or pictures or waiting:
            log.warning("executor_taken_over", executor=row.id, under_way=pictures, waiting=len(waiting))
        await self._enqueuer.enqueue_all(waiting)
