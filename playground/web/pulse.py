"""A beat for every change that the page may have to show."""

import asyncio
from collections.abc import AsyncIterator

from standins.changes import Changes

_GATHER_SECONDS = 0.05  # what changes together is shown together


class Pulse(Changes):
    """A signal that something changed behind the page. Listeners find out themselves where the change is."""

    async def follow(self) -> AsyncIterator[None]:
        """Yield at once, and then after every change or several in quick succession."""
        while True:
            changed = self._bell
            yield
            await changed.wait()
            await asyncio.sleep(_GATHER_SECONDS)
