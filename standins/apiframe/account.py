"""The team that pays: its key, its credits, and how often it may ask."""

from collections import deque
from uuid import uuid4

from standins.apiframe.errors import inactive, insufficient_credits, rate_limited, unauthorized
from standins.clock import Clock


class Account:
    """One team with one API key; a test sets `credits`, `key_active`, `may_make_images` and `requests_a_minute`."""

    def __init__(self, clock: Clock, api_key: str, credits_available: int) -> None:
        self.api_key = api_key
        self.credits = credits_available
        self.charged = 0
        self.key_active = True
        self.may_make_images = True
        self.requests_a_minute = 500
        self.user_id, self.team_id, self.key_id = (str(uuid4()) for _ in range(3))
        self._clock = clock
        self._asked_at: deque[float] = deque()

    def admit(self, key: str | None) -> None:
        """Accept a request with this key, or raise 401, 403 or 429."""
        if not key:
            raise unauthorized("Missing API key")
        if key != self.api_key:
            raise unauthorized("Invalid API key")
        if not self.key_active:
            raise inactive()
        self._count_request()

    def charge(self, price: int) -> None:
        """Take `price` credits; 402 with both figures when there are fewer."""
        if price > self.credits:
            raise insufficient_credits(price, self.credits)
        self.credits -= price
        self.charged += price

    def refund(self, price: int) -> None:
        """Give `price` credits back, in full."""
        self.credits += price
        self.charged -= price

    def document(self) -> dict[str, object]:
        """Return the `Me` object of `GET /v2/me`."""
        team = {"id": self.team_id, "name": "Playground", "credits": self.credits, "plan": "pro", "customerId": None}
        return {
            "user": {"id": self.user_id, "email": "owner@playground.example", "role": "OWNER"},
            "team": team,
            "apiKey": {"id": self.key_id, "name": "Playground key", "prefix": self.api_key[:8]},
        }

    def _count_request(self) -> None:
        """Count this request; 429 until the oldest of the last minute is a minute old, when there are too many."""
        now = self._clock.now()
        while self._asked_at and self._asked_at[0] <= now - 60:
            self._asked_at.popleft()
        if len(self._asked_at) >= self.requests_a_minute:
            raise rate_limited(60 - (now - self._asked_at[0]) if self._asked_at else 60)
        self._asked_at.append(now)
