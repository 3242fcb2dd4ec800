"""A bell that rings on every change, for whoever waits for something to become true."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Wakes those who wait, whenever something changed, without anybody polling."""

    def __init__(self) -> None:
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """Say that something changed: everybody who waits looks again."""
        self._bell.set()
        self._bell = asyncio.Event()

    async def until(self, predicate: Callable[[], T], within_seconds: float) -> T:
        """Return the first true answer of `predicate`; TimeoutError after `within_seconds` of real time."""
        async with asyncio.timeout(within_seconds):
            while not (answer := predicate()):
                await self._bell.wait()
        return answer
