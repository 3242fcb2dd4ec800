"""The queue for the operator: its length and age, and whether it moves."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import structlog

from bot.generation.picture_queue import PictureQueue
from bot.metrics.metrics import Metrics, QueueDepth
from bot.picture.generation import State
from bot.settings import GenerationSettings
from bot.storage.queue_stats import QueueGroup, QueueStatsStore

log = structlog.get_logger(__name__)

_DATABASE_SECONDS = 3.0
_STILL = timedelta(seconds=90)  # longer than the minute by which starts are rationed
_MAKING = frozenset({State.SUBMITTING, State.SUBMITTED, State.FETCHED})


class QueueHealth:
    """Reads unfinished pictures from the database, on request."""

    def __init__(
        self, store: QueueStatsStore, queue: PictureQueue, settings: GenerationSettings, metrics: Metrics
    ) -> None:
        self._store = store
        self._queue = queue
        self._settings = settings
        self._metrics = metrics

    async def why_not_moving(self) -> str | None:
        """Return why nothing moves: the database does not answer, or a picture waits though there are places free."""
        try:
            groups = await self._groups()
        except Exception as cause:  # noqa: BLE001  (whatever a driver raises: it does not answer)
            return f"the database does not answer ({type(cause).__name__})"
        stuck = stuck_for(groups, self._settings, self._queue.last_started_at, datetime.now(UTC))
        return f"a picture has waited {stuck.total_seconds():.0f} s for its turn, with places free" if stuck else None

    async def show(self) -> None:
        """Bring the queue's figures up to date, or take them away where the database does not answer."""
        try:
            self._metrics.queue(queue_depths(await self._groups(), datetime.now(UTC)))
        except Exception as cause:  # noqa: BLE001  (the other metrics are still shown)
            log.warning("queue_not_measured", cause=type(cause).__name__)
            self._metrics.queue(None)

    async def _groups(self) -> Sequence[QueueGroup]:
        async with asyncio.timeout(_DATABASE_SECONDS):
            return await self._store.groups()


def stuck_for(
    groups: Sequence[QueueGroup], settings: GenerationSettings, last_start: datetime, now: datetime
) -> timedelta | None:
    """Return for how long a picture has waited although there was room and no other picture started.

    None while the queue moves, and where all places, in all or in the one server that waits, are taken.
    """
    busy = Counter[str]()
    for group in groups:
        busy[group.server_key] += group.count if group.state in _MAKING else 0
    waiting = [
        group.oldest_at
        for group in groups
        if group.state is State.QUEUED and busy[group.server_key] < settings.concurrency_per_server
    ]
    if not waiting or busy.total() >= settings.concurrency:
        return None
    starts = [last_start, *(group.last_ordered_at for group in groups if group.last_ordered_at is not None)]
    past = [start for start in starts if start <= now]  # a clock that was set back leaves some in the future
    still_for = now - max(min(waiting), *past)
    return still_for if still_for > _STILL else None


def queue_depths(groups: Iterable[QueueGroup], now: datetime) -> dict[State, QueueDepth]:
    """Return the piles of all servers together, by state."""
    depths: dict[State, QueueDepth] = {}
    for group in groups:
        seconds = max((now - group.oldest_at).total_seconds(), 0.0)
        other = depths.get(group.state, QueueDepth(0, 0.0))
        depths[group.state] = QueueDepth(other.count + group.count, max(other.oldest_seconds, seconds))
    return depths
