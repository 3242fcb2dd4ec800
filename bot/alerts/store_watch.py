"""Whether the image store keeps anything: a failure or two is nothing, and a minute of them needs the operator."""

import time
from collections.abc import Callable

from bot.alerts.alert import Alert
from bot.alerts.alerts import Alerts

_DOWN_AFTER_SECONDS = 60.0


class StoreWatch:
    """Gets the outcome of every request to the image store."""

    def __init__(self, alerts: Alerts, clock: Callable[[], float] = time.monotonic) -> None:
        self._alerts = alerts
        self._clock = clock
        self._failing_since: float | None = None

    def heard(self, failure: str | None) -> None:
        """Take note of a request that failed for a reason, or of one that did not."""
        if failure is None:
            self._failing_since = None
            self._alerts.resolved(Alert.IMAGE_STORE_DOWN)
            return
        now = self._clock()
        if self._failing_since is None:
            self._failing_since = now
        if now - self._failing_since >= _DOWN_AFTER_SECONDS:
            self._alerts.report(Alert.IMAGE_STORE_DOWN)
