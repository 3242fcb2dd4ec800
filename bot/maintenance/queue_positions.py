"""Showing waiting members their position in the queue."""

from typing import Final

from bot.apiframe.client import Apiframe
from bot.generation.discord_port import Delivery
from bot.picture.progress import Queued
from bot.storage.generations import GenerationStore

_SHOWN_AT_ONCE: Final = 25


class QueuePositions:
    """Shows some waiting pictures' positions at a time, since each is an edit of a card."""

    def __init__(self, store: GenerationStore, delivery: Delivery, apiframe: Apiframe, executor: str) -> None:
        self._store = store
        self._delivery = delivery
        self._apiframe = apiframe
        self._executor = executor
        self._shown = 0

    async def show(self) -> None:
        """Show the next ones, and begin again after the last."""
        offset, self._shown = self._shown, 0
        waiting = await self._store.waiting(self._executor, offset=offset, limit=_SHOWN_AT_ONCE)
        paused = self._apiframe.takes_no_orders
        for place, generation in waiting:
            self._delivery.show(generation, Queued(place, paused=paused))
        if len(waiting) == _SHOWN_AT_ONCE:
            self._shown = offset + _SHOWN_AT_ONCE
