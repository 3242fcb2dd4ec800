"""Responses of Discord and Apiframe, counted by aiohttp itself, so that no call has to be wrapped."""

import time
from collections import deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Final

import aiohttp
from prometheus_client import CollectorRegistry, Counter, Gauge

_INVALID: Final = frozenset({401, 403, 429})
_WINDOW_SECONDS: Final = 600.0
_SHARED: Final = "shared"  # a limit of a place, not of the bot: Discord counts it against nobody


class HttpResponseMetrics:
    """Counts responses of services by status, and those of which 10,000 in 10 minutes get an address banned."""

    def __init__(self, registry: CollectorRegistry, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._invalid_at: deque[float] = deque()
        self._answers = Counter(
            "imagine_http_responses",
            "Answers of a far end by status; `none` where there was no answer.",
            ["service", "status"],
            registry=registry,
        )
        Gauge(
            "imagine_discord_invalid_requests",
            "Requests of the last 10 minutes that Discord answered with 401, 403 or 429; at 10000 it bans the address.",
            registry=registry,
        ).set_function(self._count_invalid)

    def of_apiframe(self) -> aiohttp.TraceConfig:
        """Return what a session to Apiframe is opened with."""
        return self._counting("apiframe")

    def of_discord(self) -> aiohttp.TraceConfig:
        """Return what discord.py's session is opened with."""

        async def note(_: aiohttp.ClientSession, __: SimpleNamespace, end: aiohttp.TraceRequestEndParams) -> None:
            scope = end.response.headers.get("X-RateLimit-Scope")
            if end.response.status in _INVALID and scope != _SHARED:
                self._invalid_at.append(self._clock())
                self._count_invalid()

        tracing = self._counting("discord")
        tracing.on_request_end.append(note)
        return tracing

    def _counting(self, service: str) -> aiohttp.TraceConfig:
        async def answered(_: aiohttp.ClientSession, __: SimpleNamespace, end: aiohttp.TraceRequestEndParams) -> None:
            self._answers.labels(service, end.response.status).inc()

        async def failed(
            _: aiohttp.ClientSession, __: SimpleNamespace, ___: aiohttp.TraceRequestExceptionParams
        ) -> None:
            self._answers.labels(service, "none").inc()

        tracing = aiohttp.TraceConfig()
        tracing.on_request_end.append(answered)
        tracing.on_request_exception.append(failed)
        return tracing

    def _count_invalid(self) -> int:
        begins_at = self._clock() - _WINDOW_SECONDS
        while self._invalid_at and self._invalid_at[0] <= begins_at:
            self._invalid_at.popleft()
        return len(self._invalid_at)
