"""A circuit breaker for a service that is down: one order probes for all, and afterwards orders resume gradually."""

import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.apiframe.errors import ApiframeError, Transient

log = structlog.get_logger(__name__)

T = TypeVar("T")

_LONGEST_OBEYED_SECONDS = 900.0  # of the requested pauses: a wrong value must not stop all orders permanently


class Breaker:
    """Stands before the orders of a whole process.

    After `trips_after` transient failures in a row, orders are rejected with the last of them, and only a probe goes
    through now and then; the pauses between probes double and jitter. Once the service is back, orders go through at
    least `spacing_seconds` apart, until none has been rejected for a while.
    """

    def __init__(
        self,
        spacing_seconds: float = 0.5,
        *,
        trips_after: int = 3,
        first_pause_seconds: float = 0.5,
        longest_pause_seconds: float = 15.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._spacing_seconds = spacing_seconds
        self._trips_after = trips_after
        self._first_pause_seconds = first_pause_seconds
        self._longest_pause_seconds = longest_pause_seconds
        self._clock = clock
        self._random = random.SystemRandom()
        self._failures = 0  # in a row
        self._outage: Transient | None = None  # the error for rejected orders; None if none is rejected
        self._is_back = False
        self._began_at = 0.0
        self._pause_seconds = first_pause_seconds
        self._next_at = 0.0  # nobody goes through before
        self._turned_away_at = 0.0

    @property
    def is_down(self) -> bool:
        """Return True if there is an outage now."""
        return self._outage is not None and not self._is_back

    async def ask(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Return what `attempt` returns; raise what it raises, or what others just got, without trying."""
        asked_at, turn_began_at = self._clock(), self._next_at
        self._take_turn(asked_at)
        turn_ends_at = self._next_at
        try:
            answer = await attempt()
        except Transient as failure:
            self._note_failure(failure, asked_at)
            raise
        except ApiframeError:  # a refusal is an answer
            self._note_answer()
            raise
        except BaseException:  # nothing was asked, as when the picture was cancelled: the next order has this turn
            if self._next_at == turn_ends_at:
                self._next_at = turn_began_at
            raise
        self._note_answer()
        return answer

    def _take_turn(self, now: float) -> None:
        """Pass this order and delay the next ones; raise if it comes too early itself."""
        outage = self._outage
        if outage is None:
            return
        if now < self._next_at:
            self._turned_away_at = now
            raise type(outage)(str(outage), self._next_at - now)
        if self._is_back and now - self._turned_away_at > self._longest_pause_seconds:
            self._outage = None  # every waiting order has had a turn: the spacing ends
            return
        self._next_at = now + (self._spacing_seconds if self._is_back else self._longest_pause_seconds)

    def _note_failure(self, failure: Transient, asked_at: float) -> None:
        self._failures += 1
        if self._outage is None and self._failures < self._trips_after:
            return
        if self.is_down and asked_at < self._began_at:
            return  # it was on its way when the others found out
        if not self.is_down:
            log.error("apiframe_outage", cause=str(failure))
            self._began_at, self._is_back, self._pause_seconds = self._clock(), False, self._first_pause_seconds
        self._outage = failure
        pause_seconds = self._pause_seconds * self._random.uniform(0.5, 1.0)
        asked_seconds = min(failure.retry_after_seconds or 0.0, _LONGEST_OBEYED_SECONDS)
        self._next_at = self._clock() + max(pause_seconds, asked_seconds)
        self._pause_seconds = min(self._pause_seconds * 2, self._longest_pause_seconds)

    def _note_answer(self) -> None:
        self._failures = 0
        if self.is_down:
            now = self._clock()
            log.info("apiframe_outage_over", seconds=round(now - self._began_at))
            self._is_back, self._turned_away_at = True, now
            self._next_at = now + self._spacing_seconds
