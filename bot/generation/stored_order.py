"""The stored copy of an order, which decides between ordering a picture and cancelling it."""

from datetime import UTC, datetime, timedelta

from bot.apiframe.order import Order, OrderRecord
from bot.generation.crash_points import crash_point
from bot.generation.failures import GenerationFailed
from bot.picture.generation import Generation
from bot.storage.generations import GenerationStore

_TICK = timedelta(microseconds=1)


class StoredOrder(OrderRecord):
    """One run's order for a picture: while it is stored, the picture cannot be cancelled."""

    def __init__(self, store: GenerationStore, generation: Generation) -> None:
        self._store = store
        self._generation_id = generation.id
        self._sent_before = generation.submitted_at  # by an earlier run, which may have been accepted
        self._kept: tuple[str, datetime] | None = None

    async def keep(self, order: Order) -> None:
        """Store the order and the time; raise `GenerationFailed` if the picture was cancelled first."""
        if self._kept is not None and self._kept[0] == order.body:
            return
        # A time of its own, so that an earlier run which is not quite dead does not drop this one's order.
        at = datetime.now(UTC) if self._sent_before is None else self._sent_before + _TICK
        generation = await self._store.keep_order(self._generation_id, order.body, at)
        if generation.failure is not None:
            raise GenerationFailed(generation.failure)
        self._kept = order.body, at
        crash_point("order kept, not yet sent")

    async def drop(self) -> None:
        """Forget the order, unless an earlier run may have had it accepted."""
        if self._kept is None or self._sent_before is not None:
            return
        _, at = self._kept
        self._kept = None
        await self._store.drop_order(self._generation_id, at)
