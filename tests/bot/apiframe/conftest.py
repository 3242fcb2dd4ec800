"""The stand-in, and the client and the downloader that talk to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from pydantic import SecretStr

from bot.apiframe.breaker import Breaker
from bot.apiframe.client import Apiframe, open_apiframe
from bot.apiframe.download import open_downloader
from bot.apiframe.hosts import AllowedHosts
from bot.apiframe.retry import RetryPolicy
from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from tests.bot.apiframe.far_end import FarEnd, far_end_that, image
from tests.bot.apiframe.fetch import Fetch


@pytest_asyncio.fixture
async def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def stand_in(clock: Clock) -> AsyncIterator[ApiframeStandIn]:
    async with ApiframeStandIn(clock).serving() as serving:
        yield serving


class Pauses(list[float]):
    """Records every pause and doesn't sleep; the time advances by the pauses."""

    async def sleep(self, seconds: float) -> None:
        self.append(seconds)

    def clock(self) -> float:
        return sum(self)


@pytest_asyncio.fixture
async def pauses() -> Pauses:
    return Pauses()


@pytest_asyncio.fixture
async def apiframe(stand_in: ApiframeStandIn, pauses: Pauses) -> AsyncIterator[Apiframe]:
    retries = RetryPolicy(30, sleep=pauses.sleep, clock=pauses.clock)
    async with open_apiframe(
        stand_in.base_url,
        SecretStr(stand_in.api_key),
        retries=retries,
        orders=Breaker(clock=pauses.clock),
        request_timeout_seconds=0.5,
    ) as opened:
        yield opened


@pytest_asyncio.fixture
async def far_end() -> AsyncIterator[FarEnd]:
    async with far_end_that(image) as end:
        yield end


@pytest_asyncio.fixture
async def fetch(far_end: FarEnd, tmp_path: Path) -> AsyncIterator[Fetch]:
    async with open_downloader(AllowedHosts(["*.apiframe.ai"], far_end.url)) as downloader:
        yield Fetch(downloader, far_end, tmp_path)
