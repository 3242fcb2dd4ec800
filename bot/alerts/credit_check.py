"""Watching the credits, also while nobody asks for a picture."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from prometheus_client import CollectorRegistry, Gauge

from bot.alerts.alerts import Alerts
from bot.alerts.apiframe_watch import ApiframeWatch
from bot.apiframe.client import Apiframe
from bot.apiframe.errors import ApiframeError
from bot.errors import record_unexpected

log = structlog.get_logger(__name__)

_EVERY_SECONDS = 300.0
_UNKNOWN = float("nan")  # rather than what was true some time ago


class CreditCheck:
    """Asks Apiframe now and then for the credits that are left, and alerts the operator."""

    def __init__(self, alerts: Alerts, watch: ApiframeWatch, apiframe: Apiframe, registry: CollectorRegistry) -> None:
        self._alerts = alerts
        self._watch = watch
        self._apiframe = apiframe
        self._credits = Gauge("imagine_apiframe_credits", "Credits that the Apiframe team has left.", registry=registry)
        self._credits.set(_UNKNOWN)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send alerts and check until the end of the block."""
        async with self._alerts.running():
            asking = asyncio.create_task(self._ask_on(), name="lookout")
            try:
                yield
            finally:
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)

    async def _ask_on(self) -> None:
        while True:
            try:
                await self._ask()
            except Exception as unexpected:  # noqa: BLE001  (its next turn comes)
                record_unexpected(unexpected, "looking after the credits")
            await asyncio.sleep(_EVERY_SECONDS)

    async def _ask(self) -> None:
        try:
            me = await self._apiframe.me()
        except ApiframeError as cause:  # the watch got it too
            log.info("credits_unknown", cause=str(cause))
            self._credits.set(_UNKNOWN)
            return
        if me.credits is not None:
            self._credits.set(me.credits)
            self._watch.counted(me.credits)
