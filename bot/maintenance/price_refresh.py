"""Keeping the usual prices of pictures up to date, so that members see them before they pay."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil, floor
from typing import Final

import structlog

from bot.apiframe.client import Apiframe
from bot.apiframe.errors import ApiframeError
from bot.apiframe.order import MODEL
from bot.limits.prices import PriceList
from bot.maintenance.chores import Chore, repeated
from bot.picture.price import Price

log = structlog.get_logger(__name__)

_REFRESH_SECONDS: Final = 60.0
_CATALOG_SECONDS: Final = 3600.0  # Apiframe rarely changes its price list


class PriceRefresh:
    """Reads our own prices, and Apiframe's price list."""

    def __init__(self, prices: PriceList, apiframe: Apiframe) -> None:
        self._prices = prices
        self._apiframe = apiframe
        self._catalog_until = 0.0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Refresh the prices now and then until the end of the block; neither kind waits for the other."""
        medians = Chore("prices", _REFRESH_SECONDS, self.refresh_medians)
        async with repeated(medians, Chore("price list", _REFRESH_SECONDS, self.refresh_catalog)):
            yield

    async def refresh_medians(self) -> None:
        """Read our own prices again; raise `StorageUnavailable`."""
        await self._prices.refresh()

    async def refresh_catalog(self) -> None:
        """Ask for Apiframe's price list if the last one is an hour old; without an answer, that one stays."""
        if time.monotonic() < self._catalog_until:
            return
        self._catalog_until = time.monotonic() + _CATALOG_SECONDS
        try:
            models = await self._apiframe.models()
        except ApiframeError as cause:
            log.info("price_list_unknown", cause=str(cause))
            self._catalog_until = 0.0
            return
        for model in models:
            if model.id == MODEL and model.cost_min is not None and model.cost_max is not None:
                self._prices.catalog = Price(least=floor(model.cost_min), most=ceil(model.cost_max))
