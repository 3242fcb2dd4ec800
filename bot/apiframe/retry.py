"""Retries of calls to a service: temporary failures are retried for a limited time."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import structlog

from bot.apiframe.errors import RateLimited, Transient

log = structlog.get_logger(__name__)

T = TypeVar("T")


class RetryReason(StrEnum):
    """Why there is a pause."""

    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class RetryPause:
    """A pause before the next attempt; after `seconds_left` from now, retrying ends permanently.

    An order `in_doubt` may have been accepted, although nobody said so.
    """

    reason: RetryReason
    seconds_left: float
    in_doubt: bool = False


OnWait = Callable[[RetryPause], None]


class RetryPolicy:
    """Try again after pauses that double and jitter, until `total_seconds` have passed since the first try began.

    A pause requested by the service is the minimum; if it's longer than the time left, retrying ends immediately. No
    attempt starts after the end, but the last one may outlast it by its own timeout.
    """

    def __init__(
        self,
        total_seconds: float = 120.0,
        *,
        first_pause_seconds: float = 0.5,
        longest_pause_seconds: float = 15.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total_seconds = total_seconds
        self._first_pause_seconds = first_pause_seconds
        self._longest_pause_seconds = longest_pause_seconds
        self._sleep = sleep
        self._clock = clock
        self._random = random.SystemRandom()

    async def retry(self, attempt: Callable[[], Awaitable[T]], on_wait: OnWait | None = None) -> T:
        """Return what `attempt` returns; raise its last `Transient` error when patience ends, any other one at once.

        `on_wait` is called before every pause.
        """
        ends_at = self._clock() + self.total_seconds
        pauses = self._pauses()
        while True:
            try:
                return await attempt()
            except Transient as failure:
                seconds = max(next(pauses), failure.retry_after_seconds or 0.0)
                waiting = RetryPause(_reason(failure), ends_at - self._clock())
                if seconds > waiting.seconds_left:
                    raise
                log.warning("retrying", failure=str(failure), seconds=round(seconds, 1), reason=waiting.reason)
            if on_wait is not None:
                on_wait(waiting)
            await self._sleep(seconds)

    def _pauses(self) -> Iterator[float]:
        pause = self._first_pause_seconds
        while True:
            yield pause * self._random.uniform(0.5, 1.0)
            pause = min(pause * 2, self._longest_pause_seconds)


def _reason(failure: Transient) -> RetryReason:
    return RetryReason.RATE_LIMITED if isinstance(failure, RateLimited) else RetryReason.UNAVAILABLE
