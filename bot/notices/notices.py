"""Telling the operator once: each trouble when it begins, and when it is over."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Protocol

import structlog
from prometheus_client import CollectorRegistry, Gauge

from bot.notices.trouble import Notice, Trouble
from bot.storage.troubles import TroubleStore

log = structlog.get_logger(__name__)


class Teller(Protocol):
    """Reaches the operator in person."""

    async def tell(self, notice: Notice) -> None:
        """Tell them, at best effort: log and figure have said it already."""


class Notices:
    """Knows which troubles there are; may be told of the same one as often as it is met.

    Log and figure are this process's. The message goes out from the one process that first writes the trouble down, and
    not again after a restart. What is not `possible` as the bot is set up now is forgotten at the start.
    """

    def __init__(
        self, store: TroubleStore, registry: CollectorRegistry, possible: Collection[Trouble] = tuple(Trouble)
    ) -> None:
        self._store = store
        self._possible = possible
        self._present: set[Trouble] = set()
        self._news: asyncio.Queue[Notice] = asyncio.Queue()
        self._teller: Teller | None = None
        self._gauge = Gauge(
            "imagine_trouble", "1 while something needs the operator, by what.", ["trouble"], registry=registry
        )
        for trouble in Trouble:
            self._gauge.labels(trouble).set(0)

    def tell_through(self, teller: Teller) -> None:
        """Take whoever reaches the operator; without one, log and figure are all."""
        self._teller = teller

    def raise_(self, trouble: Trouble, credits_left: int | None = None) -> None:
        """Say that there is a trouble; nothing happens if that is known."""
        if trouble not in self._present:
            self._present.add(trouble)
            self._gauge.labels(trouble).set(1)
            log.error("operator_needed", trouble=trouble, credits_left=credits_left)
            self._news.put_nowait(Notice(trouble, over=False, credits_left=credits_left))

    def over(self, trouble: Trouble, credits_left: int | None = None) -> None:
        """Say that a trouble is over; nothing happens if there was none."""
        if trouble in self._present:
            self._present.discard(trouble)
            self._gauge.labels(trouble).set(0)
            log.info("operator_no_longer_needed", trouble=trouble, credits_left=credits_left)
            self._news.put_nowait(Notice(trouble, over=True, credits_left=credits_left))

    def is_present(self, trouble: Trouble) -> bool:
        """Say whether a trouble is known and not over."""
        return trouble in self._present

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Remember the troubles of before, and tell of news until the end of the block."""
        await self._remember()
        telling = asyncio.create_task(self._tell_on(), name="notices")
        try:
            yield
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def _remember(self) -> None:
        present = await self._store.present()
        for trouble in [each for each in Trouble if each in present]:
            if trouble not in self._possible:
                await self._store.end(trouble)
                continue
            self._present.add(trouble)
            self._gauge.labels(trouble).set(1)
            log.warning("operator_still_needed", trouble=trouble)

    async def _tell_on(self) -> None:
        while True:
            notice = await self._news.get()
            try:
                if await self._is_news(notice) and self._teller is not None:
                    await self._teller.tell(notice)
            except Exception as cause:  # noqa: BLE001  (the next notice has to be told all the same)
                log.warning("notice_not_told", trouble=notice.trouble, over=notice.over, cause=repr(cause))

    async def _is_news(self, notice: Notice) -> bool:
        """Write it down, and say whether no other process had; a silent database is no reason to say nothing."""
        try:
            change = self._store.end if notice.over else self._store.begin
            return await change(notice.trouble)
        except Exception as cause:  # noqa: BLE001  (whatever a driver raises)
            log.warning("notice_not_kept", trouble=notice.trouble, cause=type(cause).__name__)
            return True
