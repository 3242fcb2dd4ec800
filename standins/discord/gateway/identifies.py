"""The limit on identifies: a number in a day, and over it, the bot's token is reset."""

from standins.clock import Clock
from standins.discord.payload import Payload

DAY_SECONDS = 24 * 3600.0
A_DAY = 1000


class Identifies:
    """Counts identifies until the day is over, by the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left = A_DAY
        self._resets_at = clock.now() + DAY_SECONDS

    @property
    def left(self) -> int:
        """Return how many there are until the reset."""
        if self._clock.now() >= self._resets_at:
            self.leave(A_DAY, DAY_SECONDS)
        return self._left

    def leave(self, left: int, reset_seconds: float) -> None:
        """Leave this many, until all are available again in this many seconds."""
        self._left = left
        self._resets_at = self._clock.now() + reset_seconds

    def take(self) -> bool:
        """Use one up, and return whether there was one."""
        is_left = self.left > 0
        self._left -= is_left
        return is_left

    def payload(self) -> Payload:
        """Return Discord's JSON."""
        left, seconds = self.left, self._resets_at - self._clock.now()
        return {"total": A_DAY, "remaining": left, "reset_after": int(seconds * 1000), "max_concurrency": 16}
