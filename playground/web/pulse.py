"""A beat for every change that the page may have to show."""

import asyncio
from collections.abc import AsyncIterator

_GATHER_SECONDS = 0.05  # what changes together is shown together


class Pulse:
    """Tells all who follow it that something changed; what changed is for them to look at."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def beat(self) -> None:
        """Say that something changed."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def follow(self) -> AsyncIterator[None]:
        """Yield at once, and then after every change or several in quick succession."""
        while True:
            changed = self._changed
            yield
            await changed.wait()
            await asyncio.sleep(_GATHER_SECONDS)
