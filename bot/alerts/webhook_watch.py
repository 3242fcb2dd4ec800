"""Whether webhooks come at all: a lost one is nothing, and none at all is an address that Apiframe does not reach."""

from bot.alerts.alert import Alert
from bot.alerts.alerts import Alerts

_MISSED_MAX = 5  # in a row


class WebhookWatch:
    """Gets every finished job, with or without its webhooks."""

    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts
        self._missed = 0

    def arrived(self) -> None:
        """Take note of a job of which webhooks came."""
        self._missed = 0
        self._alerts.resolved(Alert.WEBHOOKS_SILENT)

    def missed(self) -> None:
        """Take note of a job whose webhooks Apiframe sent, and of which none came."""
        self._missed += 1
        if self._missed >= _MISSED_MAX:
            self._alerts.report(Alert.WEBHOOKS_SILENT)
