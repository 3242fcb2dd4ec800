"""Reservations whose member read "not charged": refunded immediately, or when the database is back."""

import asyncio
from contextlib import suppress
from typing import Final
from uuid import UUID

import structlog

from bot.errors import StorageUnavailable
from bot.generation.enqueueing import Enqueuer
from bot.limits.ledger import Ledger
from bot.metrics.metrics import Metrics
from bot.picture.failure import Failure, FailureKind

log = structlog.get_logger(__name__)

_PAUSE_SECONDS: Final = 2.0
_LAST_TRY_SECONDS: Final = 1.0


class Refunds:
    """Gives reservations back; until that is done, this process does not begin them by itself."""

    def __init__(self, ledger: Ledger, enqueuer: Enqueuer, metrics: Metrics) -> None:
        self._ledger = ledger
        self._enqueuer = enqueuer
        self._metrics = metrics
        self._owed: dict[UUID, str] = {}
        self._paying: asyncio.Task[None] | None = None

    async def give_back(self, generation_id: UUID, server_key: str) -> None:
        """Give a reservation back now if the database takes that, else later; one that is ordered already goes on."""
        self._enqueuer.hold_back(generation_id)
        try:
            if not await self._refund(generation_id, server_key):
                log.warning("not_given_back", generation=str(generation_id), cause="it was ordered, or has ended")
        except Exception as cause:  # noqa: BLE001  (whatever it is, nothing may stay reserved)
            log.warning("refund_postponed", generation=str(generation_id), cause=type(cause).__name__)
            self.give_back_later(generation_id, server_key)

    def give_back_later(self, generation_id: UUID, server_key: str) -> None:
        """Refund a reservation that may have been stored or not, as soon as the database responds."""
        self._enqueuer.hold_back(generation_id)
        self._owed[generation_id] = server_key
        if self._paying is None or self._paying.done():
            self._paying = asyncio.create_task(self._pay(), name="refunds")

    async def close(self) -> None:
        """Try once more, since the next process would draw pictures that are still reserved."""
        if self._paying is not None:
            self._paying.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_TRY_SECONDS):
                await self._pay_all()

    async def _pay(self) -> None:
        while self._owed:
            await asyncio.sleep(_PAUSE_SECONDS)
            await self._pay_all()

    async def _pay_all(self) -> None:
        """Try each pending refund; if the database is down, only the first one."""
        for generation_id, server_key in list(self._owed.items()):
            try:
                await self._refund(generation_id, server_key)
            except StorageUnavailable:
                return
            except Exception as cause:  # noqa: BLE001  (whatever it is, this one is tried again, and the others now)
                log.warning("refund_postponed", generation=str(generation_id), cause=type(cause).__name__)

    async def _refund(self, generation_id: UUID, server_key: str) -> bool:
        """Return whether there was anything to give back."""
        failure = Failure(kind=FailureKind.INTERRUPTED)
        given_back = await self._ledger.give_back(generation_id, server_key, failure)
        self._owed.pop(generation_id, None)
        self._enqueuer.release(generation_id)
        if given_back is not None:
            self._metrics.ended(given_back)
        return given_back is not None
