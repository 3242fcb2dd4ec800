"""Alerts from Apiframe's responses: about the operator's key and credits, and about Apiframe itself."""

import time
from collections.abc import Callable

from bot.alerts.alert import Alert
from bot.alerts.alerts import Alerts
from bot.apiframe.client import GENERATE_PATH
from bot.apiframe.errors import ApiframeError, KeyRefused, OutOfCredits, RateLimited, TimedOut, Unavailable

_DOWN_AFTER_SECONDS = 300.0  # members' pictures wait out less than that by themselves
_KEY_GOOD_AFTER_SECONDS = 600.0  # a key may be good for some requests only: then it is not over with every other one
_ENOUGH = 1.1  # times the threshold: refunds must not make the credits low again and again


class ApiframeWatch:
    """Gets the outcome of every request and the remaining credits, and raises alerts.

    An outage ends with a response to an order, or with any response if no order failed: Apiframe may report credits
    while it accepts no orders. A picture is assumed to cost `picture_credits`; time is `clock`'s, in seconds.
    """

    def __init__(
        self,
        alerts: Alerts,
        warn_below: int,
        picture_credits: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._alerts = alerts
        self._warn_below = warn_below
        self._clock = clock
        self._silent_since: float | None = None
        self._silent_to_orders = False
        self._refused_at: float | None = None
        self._needed = max(picture_credits, 1)  # for one more picture, until an order tells

    def heard(self, path: str, refusal: ApiframeError | None) -> None:
        """Take note of how one request to `path` ended, None for well."""
        is_order = path == GENERATE_PATH
        if isinstance(refusal, Unavailable | TimedOut):
            self._hear_nothing(is_order=is_order)
            return
        self._hear_something(is_order=is_order)
        match refusal:
            case KeyRefused():
                self._refused_at = self._clock()
                self._alerts.report(Alert.KEY_REFUSED)
            case OutOfCredits():
                self._needed = refusal.required or self._needed
                self._alerts.report(Alert.OUT_OF_CREDITS, refusal.available)
            case RateLimited():
                pass  # says nothing of the key
            case _:
                self._hear_the_key_is_good()

    def counted(self, credits_left: int) -> None:
        """Take note of the credits that are left."""
        if credits_left >= self._needed:
            self._alerts.resolved(Alert.OUT_OF_CREDITS, credits_left)
        elif credits_left <= 0:
            self._alerts.report(Alert.OUT_OF_CREDITS, credits_left)
        if credits_left >= self._warn_below * _ENOUGH:
            self._alerts.resolved(Alert.CREDITS_LOW, credits_left)
        elif credits_left < self._warn_below and not self._alerts.is_present(Alert.OUT_OF_CREDITS):
            self._alerts.report(Alert.CREDITS_LOW, credits_left)

    def _hear_nothing(self, *, is_order: bool) -> None:
        now = self._clock()
        if self._silent_since is None:
            self._silent_since = now
        self._silent_to_orders = self._silent_to_orders or is_order
        if now - self._silent_since >= _DOWN_AFTER_SECONDS:
            self._alerts.report(Alert.APIFRAME_DOWN)

    def _hear_something(self, *, is_order: bool) -> None:
        # An outage from before a restart was not seen here, so that only an order can end it.
        if is_order or (self._silent_since is not None and not self._silent_to_orders):
            self._silent_since, self._silent_to_orders = None, False
            self._alerts.resolved(Alert.APIFRAME_DOWN)

    def _hear_the_key_is_good(self) -> None:
        if self._refused_at is None or self._clock() - self._refused_at >= _KEY_GOOD_AFTER_SECONDS:
            self._alerts.resolved(Alert.KEY_REFUSED)
