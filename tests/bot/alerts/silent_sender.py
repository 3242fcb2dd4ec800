"""An operator whom nothing reaches, for tests that look at alerts themselves."""

from bot.alerts.alert import AlertMessage


class SilentSender:
    """Takes every message and shows it to nobody."""

    async def send(self, message: AlertMessage) -> None: ...
