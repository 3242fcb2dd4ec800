"""Time that a test can wind: the stand-ins read no other clock."""

import asyncio
import time


class Clock:
    """Unix time in seconds that runs as fast as real time and jumps forward when wound."""

    def __init__(self) -> None:
        self._ahead_seconds = 0.0
        self._wound = asyncio.Event()

    def now(self) -> float:
        """Return the present moment in Unix seconds."""
        return time.time() + self._ahead_seconds

    def wind(self, seconds: float) -> None:
        """Jump forward by `seconds`. Sleepers on this clock check the time immediately."""
        self._ahead_seconds += seconds
        self._wound.set()
        self._wound = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Wait until `seconds` of this clock's time have passed, however they pass."""
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            wound = self._wound
            try:
                async with asyncio.timeout(left):
                    await wound.wait()
            except TimeoutError:
                return
