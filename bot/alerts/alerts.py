"""Alerting the operator once: when a problem begins, and when it is over."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Protocol

import structlog
from prometheus_client import CollectorRegistry, Gauge

from bot.alerts.alert import Alert, AlertMessage
from bot.storage.alerts import AlertNews, AlertStore
from bot.waiting import is_set_within

log = structlog.get_logger(__name__)

_LOOK_EVERY_SECONDS = 5.0
_SENDING_SECONDS = 60.0  # for one message: a process that has not sent it by then has died


class AlertSender(Protocol):
    """Sends messages to the operator in person."""

    async def send(self, message: AlertMessage) -> None:
        """Send a message; raise an error that may pass, and the same message comes again."""


class Alerts:
    """Knows which problems there are; the same one may be reported repeatedly.

    Log and metric are this process's. The message is stored first; one process takes it from there and tries until
    Discord has it, and another one, or the next start, continues if that process dies. A problem that is over before a
    message was sent gets none. Alerts that are not `possible` with the present settings are deleted at the start.
    """

    def __init__(
        self,
        store: AlertStore,
        registry: CollectorRegistry,
        sender: AlertSender,
        possible: Collection[Alert] = tuple(Alert),
    ) -> None:
        self._store = store
        self._sender = sender
        self._possible = possible
        self._present: set[Alert] = set()
        self._unwritten: deque[AlertNews] = deque()
        self._published = asyncio.Event()
        self._gauge = Gauge(
            "imagine_alert", "1 while something needs the operator, by what.", ["alert"], registry=registry
        )
        for alert in Alert:
            self._gauge.labels(alert).set(0)

    def report(self, alert: Alert, credits_left: int | None = None, detail: str | None = None) -> None:
        """Report a problem; nothing happens if it is known."""
        if alert not in self._present:
            self._present.add(alert)
            self._gauge.labels(alert).set(1)
            log.error("alert_raised", alert=alert, credits_left=credits_left, detail=detail)
            self._note(alert, resolved=False, credits_left=credits_left, detail=detail)

    def resolved(self, alert: Alert, credits_left: int | None = None) -> None:
        """Report that a problem is over; nothing happens if there was none."""
        if alert in self._present:
            self._present.discard(alert)
            self._gauge.labels(alert).set(0)
            log.info("alert_resolved", alert=alert, credits_left=credits_left)
            self._note(alert, resolved=True, credits_left=credits_left)

    def is_present(self, alert: Alert) -> bool:
        """Return True while a problem is known and not over."""
        return alert in self._present

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Load the problems of before, and send messages until the end of the block."""
        await self._remember()
        sending = asyncio.create_task(self._keep_sending(), name="alerts")
        try:
            yield
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    def _note(self, alert: Alert, *, resolved: bool, credits_left: int | None, detail: str | None = None) -> None:
        self._unwritten.append(AlertNews(alert, resolved, datetime.now(UTC), credits_left, detail))
        self._published.set()

    async def _remember(self) -> None:
        await self._store.forget_others(self._possible)
        present = await self._store.present()
        for alert in [each for each in Alert if each in present]:
            self._present.add(alert)
            self._gauge.labels(alert).set(1)
            log.warning("alert_still_active", alert=alert)

    async def _keep_sending(self) -> None:
        while True:
            self._published.clear()
            try:
                await self._write_down()
                await self._send_due()
            except Exception as cause:  # noqa: BLE001  (any error of a driver; unsaved changes wait)
                log.warning("alerts_delayed", cause=type(cause).__name__)
            await is_set_within(self._published, _LOOK_EVERY_SECONDS)

    async def _write_down(self) -> None:
        while self._unwritten:
            news = self._unwritten[0]
            await (self._store.end(news) if news.resolved else self._store.begin(news))
            self._unwritten.popleft()

    async def _send_due(self) -> None:
        for news in await self._store.claim(_SENDING_SECONDS):
            try:
                async with asyncio.timeout(_SENDING_SECONDS):
                    await self._sender.send(_message(news))
            except Exception as cause:  # noqa: BLE001  (the other messages still have to be sent)
                log.warning(
                    "alert_not_sent_yet",
                    alert=news.alert,
                    resolved=news.resolved,
                    cause=f"{type(cause).__name__}: {cause}",
                )
                await self._store.postpone(news, _LOOK_EVERY_SECONDS)
            else:
                await self._store.told(news)


def _message(news: AlertNews) -> AlertMessage:
    return AlertMessage(Alert(news.alert), news.resolved, news.since, news.credits_left, news.detail)
