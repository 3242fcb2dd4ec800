"""Whether webhooks come at all: a lost one is nothing, and none at all is an address that Apiframe does not reach."""

from bot.alerts.alerts import Alerts
from bot.alerts.trouble import Alert

_MISSED_MAX = 5  # in a row


class WebhookWatch:
    """Hears of every finished job whether its webhooks came."""

    def __init__(self, notices: Alerts) -> None:
        self._notices = notices
        self._missed = 0

    def arrived(self) -> None:
        """Take note of a job of which webhooks came."""
        self._missed = 0
        self._notices.over(Alert.WEBHOOKS_SILENT)

    def missed(self) -> None:
        """Take note of a job whose webhooks Apiframe sent, and of which none came."""
        self._missed += 1
        if self._missed >= _MISSED_MAX:
            self._notices.raise_(Alert.WEBHOOKS_SILENT)
