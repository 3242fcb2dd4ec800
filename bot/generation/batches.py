"""Requests of one moment, handed over together: a transaction of many rows costs little more than one of one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

import structlog

from bot.errors import StorageUnavailable

log = structlog.get_logger(__name__)

T = TypeVar("T")

_SECONDS: Final = 0.05  # the first of a batch waits for so long; its member has been answered already
_LAST_TRY_SECONDS: Final = 1.0


class Batches(Generic[T]):
    """Hands items over in batches, one after the other; while one is under way, the next is collected."""

    def __init__(self, hand_over: Callable[[Sequence[T]], Awaitable[None]], seconds: float = _SECONDS) -> None:
        self._hand_over = hand_over
        self._seconds = seconds
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._working: asyncio.Task[None] | None = None

    async def add(self, item: T) -> None:
        """Return once the item is handed over, or raise why it is not; no other item is the reason."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work(), name="batches")
        await done

    async def flush(self) -> None:
        """Hand over the open batch, unless the database takes nothing."""
        if self._working is not None:
            await asyncio.wait({self._working}, timeout=_LAST_TRY_SECONDS)

    async def _work(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._seconds)
            batch, self._waiting = self._waiting, []
            await self._finish(batch)

    async def _finish(self, batch: Sequence[tuple[T, asyncio.Future[None]]]) -> None:
        """Hand a batch over; if an item may be what breaks it, each on its own."""
        try:
            await self._hand_over([item for item, _ in batch])
        except Exception as cause:  # noqa: BLE001  (whatever it is, those who wait get it)
            if len(batch) > 1 and not isinstance(cause, StorageUnavailable):
                log.error("batch_split", items=len(batch), cause=type(cause).__name__)
                for each in batch:
                    await self._finish([each])
                return
            _tell(batch, cause)
        else:
            _tell(batch, None)


def _tell(batch: Sequence[tuple[T, asyncio.Future[None]]], cause: Exception | None) -> None:
    for _, done in batch:
        if done.done():  # who waited for it was cancelled
            continue
        if cause is None:
            done.set_result(None)
        else:
            done.set_exception(cause)
