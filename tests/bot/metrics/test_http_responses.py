"""The operator sees an impending ban by Discord."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from prometheus_client import CollectorRegistry

from bot.metrics.http_responses import HttpResponseMetrics
from tests.promises import MonitoringFault

INVALID = "imagine_discord_invalid_requests"
ANSWERS = "imagine_http_responses_total"


class Watched:
    """HttpResponseMetrics with a server that responds as its path says, ten minutes at a time."""

    def __init__(self, far_end: str) -> None:
        self.now = 0.0
        self.registry = CollectorRegistry()
        self.exchanges = HttpResponseMetrics(self.registry, lambda: self.now)
        self._far_end = far_end

    async def ask(self, tracing: aiohttp.TraceConfig, *paths: str) -> None:
        async with aiohttp.ClientSession(self._far_end, trace_configs=[tracing]) as session:
            for path in paths:
                async with session.get(path):
                    pass

    def invalid(self) -> float | None:
        return self.registry.get_sample_value(INVALID)

    def answers(self, service: str, status: str) -> float | None:
        return self.registry.get_sample_value(ANSWERS, {"service": service, "status": status})


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(
            status=int(request.match_info["status"]),
            headers={"X-RateLimit-Scope": request.query.get("scope", "user")},
        )

    app = web.Application()
    app.router.add_get("/{status}", answer)
    async with TestServer(app) as server:
        yield Watched(str(server.make_url("/")))


@pytest.mark.promise(MonitoringFault.DISCORD_BAN)
async def test_refusals_of_the_last_ten_minutes_are_counted(watched: Watched) -> None:
    """401, 403 and 429 count for ten minutes; other errors do not count."""
    await watched.ask(watched.exchanges.of_discord(), "/200", "/401", "/404", "/500")
    watched.now = 400.0
    await watched.ask(watched.exchanges.of_discord(), "/403", "/429")
    assert watched.invalid() == 3
    watched.now = 600.0
    assert watched.invalid() == 2
    watched.now = 1000.0
    assert watched.invalid() == 0


async def test_a_limit_that_all_bots_share_is_nobodys_fault(watched: Watched) -> None:
    """Discord does not hold a 429 against a bot where the place itself is busy."""
    await watched.ask(watched.exchanges.of_discord(), "/429?scope=shared", "/429?scope=global")
    assert watched.invalid() == 1
    assert watched.answers("discord", "429") == 2


async def test_the_far_ends_are_told_apart(watched: Watched) -> None:
    """Apiframe's refusals are not Discord's."""
    await watched.ask(watched.exchanges.of_apiframe(), "/401", "/200", "/200")
    assert (watched.answers("apiframe", "401"), watched.answers("apiframe", "200")) == (1, 2)
    assert watched.answers("discord", "401") is None
    assert watched.invalid() == 0


async def test_no_answer_at_all_is_counted_too() -> None:
    """A missing response is counted, although it has no status."""
    async with TestServer(web.Application()) as server:
        nowhere = str(server.make_url("/"))
    watched = Watched(nowhere)
    with pytest.raises(aiohttp.ClientConnectionError):
        await watched.ask(watched.exchanges.of_apiframe(), "/200")
    assert watched.answers("apiframe", "none") == 1
