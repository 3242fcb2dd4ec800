"""Waiting after Discord rejected something: it bans clients that keep trying."""

import time
from collections.abc import Callable


class Backoff:
    """Channels and messages, by their ids, at which nothing is tried for some seconds after a refusal."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._now = now
        self._until: dict[int, float] = {}

    def begin(self, refused_id: int) -> None:
        """Start waiting for a key."""
        now = self._now()
        self._until = {each: until for each, until in self._until.items() if until > now}
        self._until[refused_id] = now + self._seconds

    def holds(self, *ids: int) -> bool:
        """Return True if one of these has to wait."""
        return any(self._until.get(each, 0.0) > self._now() for each in ids)
