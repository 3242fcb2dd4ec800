"""Every answer that Apiframe, or something in its place, may give; and that none of it tells a secret."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import structlog
from aiohttp import web
from pydantic import SecretStr

from bot.apiframe.client import Apiframe, open_apiframe
from bot.apiframe.errors import (
    ApiframeError,
    BadRequest,
    KeyRefused,
    NotFound,
    OutOfCredits,
    RateLimited,
    TimedOut,
    Unavailable,
    UnexpectedAnswer,
)
from bot.apiframe.patience import Patience
from bot.picture.params import FluxParams
from playground.apiframe.faults import Fault, Kind
from playground.apiframe.server import ApiframeStandIn
from tests.bot.apiframe.far_end import FarEnd, babble, far_end_that, told

KEY = "afk_s3cret"


@asynccontextmanager
async def client_of(answer: web.Response, patience: Patience) -> AsyncIterator[tuple[Apiframe, FarEnd]]:
    """Serve this one answer for every request, to a client with a secret key."""

    async def respond(_: web.Request) -> web.StreamResponse:
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    async with (
        far_end_that(respond) as far_end,
        open_apiframe(far_end.base_url, SecretStr(KEY), patience=patience) as apiframe,
    ):
        yield apiframe, far_end


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (web.json_response({"error": KEY, "details": {"prompt": [KEY]}}, status=400), BadRequest),
        (web.Response(status=400, text=f"<html>{KEY}"), BadRequest),
        (web.json_response({"error": KEY}, status=401), KeyRefused),
        (web.json_response({"error": KEY}, status=403), KeyRefused),
        (web.json_response({"error": KEY}, status=402), OutOfCredits),
        (web.json_response({"error": KEY}, status=404), NotFound),
        (web.json_response({"error": KEY}, status=418), UnexpectedAnswer),
        (web.Response(status=307, headers={"Location": "/elsewhere"}), UnexpectedAnswer),
        (web.json_response({"error": KEY}, status=429, headers={"Retry-After": "9"}), RateLimited),
        (web.Response(status=429, headers={"Retry-After": "soon"}), RateLimited),
        (web.json_response({"error": KEY}, status=500), Unavailable),
        (web.Response(status=502, text=f"<html>{KEY}"), Unavailable),
        (web.Response(status=202, text=f"<html>{KEY}"), Unavailable),
        (web.Response(status=202), Unavailable),
        (web.json_response({"job": KEY, "status": [KEY]}, status=202), UnexpectedAnswer),
    ],
)
async def test_every_answer_means_something(answer: web.Response, error: type[ApiframeError]) -> None:
    """Each status, and each answer that makes no sense, has an error of its own, which tells no secrets."""
    with structlog.testing.capture_logs() as logs:
        async with client_of(answer, Patience(0)) as (apiframe, far_end):
            with pytest.raises(error) as failure:
                await apiframe.submit("a red boat", FluxParams(seed=7), idempotency_key="1")
    assert len(far_end.requests) == 1
    assert KEY not in f"{told(failure.value)} {logs} {apiframe!r}"


async def test_key_goes_to_apiframe_alone() -> None:
    """The key is in a header of each request, and a redirect elsewhere does not carry it there."""
    elsewhere = web.Response(status=307, headers={"Location": "/elsewhere"})
    async with client_of(elsewhere, Patience(0)) as (apiframe, far_end):
        with pytest.raises(UnexpectedAnswer):
            await apiframe.me()
    assert [(request.path, request.headers["X-API-Key"]) for request in far_end.requests] == [("/v2/me", KEY)]
    assert far_end.requests[0].headers["User-Agent"].startswith("imagine-bot/")


async def test_nonsense_instead_of_http() -> None:
    """A server that does not even speak HTTP is an outage; neither the error nor the log shows the key."""
    with structlog.testing.capture_logs() as logs:
        async with far_end_that(babble) as far_end:
            patience = Patience(0.05, first_pause_seconds=0.01)
            async with open_apiframe(far_end.base_url, SecretStr(KEY), patience=patience) as apiframe:
                with pytest.raises(Unavailable) as failure:
                    await apiframe.me()
    assert logs
    assert KEY not in f"{told(failure.value)} {logs}"


async def test_nobody_there() -> None:
    """An address where nobody listens is an outage."""
    async with client_of(web.Response(), Patience(0)) as (apiframe, far_end):
        await far_end.server.close()
        with pytest.raises(Unavailable, match="ClientConnectorError"):
            await apiframe.me()


async def test_time_limit_has_its_own_error(stand_in: ApiframeStandIn) -> None:
    """An answer that is late is told from one that cannot come, since what was asked may have happened."""
    stand_in.faults.arm(Fault(Kind.STALLED, seconds=30))
    key = SecretStr(stand_in.api_key)
    async with open_apiframe(stand_in.base_url, key, patience=Patience(0), request_timeout_seconds=0.1) as apiframe:
        with pytest.raises(TimedOut):
            await apiframe.me()
