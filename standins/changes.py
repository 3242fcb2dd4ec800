"""An event that fires on every change, for code that waits for a condition."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Wakes those who wait, whenever something changed, without anybody polling."""

    def __init__(self) -> None:
        self._bell = asyncio.Event()
        self._watchers: list[Callable[[], None]] = []

    def ring(self) -> None:
        """Say that something changed: everybody who waits or watches looks again."""
        self._bell.set()
        self._bell = asyncio.Event()
        for look in self._watchers:
            look()

    @contextmanager
    def watching(self, look: Callable[[], None]) -> Iterator[None]:
        """Call `look` after every change while the block runs."""
        self._watchers.append(look)
        try:
            yield
        finally:
            self._watchers.remove(look)

    async def until(self, predicate: Callable[[], T], within_seconds: float) -> T:
        """Return the first true answer of `predicate`; TimeoutError after `within_seconds` of real time."""
        async with asyncio.timeout(within_seconds):
            while not (answer := predicate()):
                await self._bell.wait()
        return answer
