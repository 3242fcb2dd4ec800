"""Rate limits: buckets a route, the bot's seconds, and the invalid requests that get an address banned."""

import hashlib
from collections import deque
from dataclasses import dataclass

from standins.clock import Clock
from standins.discord.payload import Payload

INVALID_WINDOW_SECONDS = 600
INVALID_STATUSES = (401, 403, 429)
GENEROUS = 10_000
# What bots meet first: all edits in a channel by the bot's token share this; an interaction's token has its own.
EDITS = "PATCH", "/channels/{channel_id}/messages/{message_id}"


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of requests in a number of seconds of the clock."""

    requests: int = GENEROUS
    seconds: float = 1.0


@dataclass(slots=True)
class Bucket:
    """A rate limit's remaining requests until it resets at `resets_at`, in Unix seconds."""

    limit: Limit
    left: int
    resets_at: float


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a request may go through, and the headers that its answer carries either way."""

    headers: dict[str, str]
    retry_after: float | None = None
    is_global: bool = False

    def body(self) -> Payload:
        """Return the JSON of the 429."""
        return {
            "message": "You are being rate limited.",
            "code": 0,
            "retry_after": self.retry_after,
            "global": self.is_global,
        }


class RateLimits:
    """Counts requests and rules on each; generous until a test sets a limit, but for Discord's usual one on edits."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._limits: dict[tuple[str, str], Limit] = {EDITS: Limit(requests=5, seconds=5)}
        self._of_the_rest = Limit()
        self._buckets: dict[tuple[str, str, str], Bucket] = {}
        self._seconds: deque[float] = deque()
        self._invalid: deque[float] = deque()
        self.per_second = GENEROUS
        self.busiest_second = 0

    def set(self, method: str, template: str, requests: int, seconds: float) -> None:
        """Limit a route, such as `POST /channels/{channel_id}/messages`, for each channel, guild or webhook."""
        self._limits[method, template] = Limit(requests, seconds)
        self._buckets.clear()

    @property
    def of_the_rest(self) -> Limit:
        """The limit of every route that has none of its own, for each channel, guild or webhook."""
        return self._of_the_rest

    @of_the_rest.setter
    def of_the_rest(self, limit: Limit) -> None:
        self._of_the_rest = limit
        self._buckets.clear()

    @property
    def invalid_requests(self) -> int:
        """Return how many answers of the last ten minutes were 401, 403 or 429; 10,000 would ban the address."""
        self._drop_old(self._invalid, INVALID_WINDOW_SECONDS)
        return len(self._invalid)

    def note_answer(self, status: int) -> None:
        """Count an answer that Discord holds against the sender."""
        if status in INVALID_STATUSES:
            self._invalid.append(self._clock.now())

    def rule(self, method: str, template: str, major: str, *, counts_globally: bool) -> Ruling:
        """Count a request to a route; `major` is the channel, guild or webhook that has a bucket of its own."""
        now = self._clock.now()
        if counts_globally and (wait := self._count_second(now)):
            return Ruling(
                {**_retry(wait), "X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}, wait, is_global=True
            )
        bucket = self._bucket(method, template, major, now)
        allowed = bucket.left > 0
        bucket.left -= allowed
        wait = max(0.0, bucket.resets_at - now)
        headers = {
            "X-RateLimit-Limit": str(bucket.limit.requests),
            "X-RateLimit-Remaining": str(bucket.left),
            "X-RateLimit-Reset": f"{bucket.resets_at:.3f}",
            "X-RateLimit-Reset-After": f"{wait:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(f"{method} {template}".encode(), usedforsecurity=False).hexdigest(),
        }
        return Ruling(headers) if allowed else Ruling({**headers, **_retry(wait), "X-RateLimit-Scope": "user"}, wait)

    def _count_second(self, now: float) -> float:
        self._drop_old(self._seconds, 1.0)
        if len(self._seconds) >= self.per_second:
            return self._seconds[0] + 1.0 - now
        self._seconds.append(now)
        self.busiest_second = max(self.busiest_second, len(self._seconds))
        return 0.0

    def _bucket(self, method: str, template: str, major: str, now: float) -> Bucket:
        key = (method, template, major)
        bucket = self._buckets.get(key)
        if bucket is None or bucket.resets_at <= now:
            limit = self._limits.get((method, template), self._of_the_rest)
            bucket = self._buckets[key] = Bucket(limit, limit.requests, now + limit.seconds)
        return bucket

    def _drop_old(self, moments: deque[float], seconds: float) -> None:
        while moments and moments[0] <= self._clock.now() - seconds:
            moments.popleft()


def _retry(wait: float) -> dict[str, str]:
    return {"Retry-After": f"{wait:.3f}", "Via": "1.1 google"}
