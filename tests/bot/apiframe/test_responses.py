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
    Conflict,
    KeyRefused,
    NotFound,
    OrderInDoubt,
    OutOfCredits,
    RateLimited,
    TimedOut,
    Unavailable,
    UnexpectedAnswer,
)
from bot.apiframe.responses import retry_after_seconds
from bot.apiframe.retry import RetryPolicy
from bot.picture.params import FluxParams
from standins.apiframe.faults import Fault, Kind
from standins.apiframe.server import ApiframeStandIn
from tests.bot.apiframe.far_end import FarEnd, babble, far_end_that, told
from tests.promises import ApiframeFault

KEY = "afk_s3cret"


@asynccontextmanager
async def client_of(answer: web.Response, retries: RetryPolicy) -> AsyncIterator[tuple[Apiframe, FarEnd]]:
    """Serve this one answer for every request, to a client with a secret key."""

    async def respond(_: web.Request) -> web.StreamResponse:
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    async with (
        far_end_that(respond) as far_end,
        open_apiframe(far_end.base_url, SecretStr(KEY), retries=retries) as apiframe,
    ):
        yield apiframe, far_end


FOREIGN = (302, 400, 401, 402, 403, 404, 405, 409, *range(520, 531))  # a captive portal's, a proxy's, Cloudflare's


@pytest.mark.promise(ApiframeFault.PROXY_PAGE)
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (web.json_response({"error": KEY, "details": {"prompt": [KEY]}}, status=400), BadRequest),
        (web.json_response({"error": {"message": KEY}, "details": KEY}, status=400), BadRequest),
        (web.json_response({"error": KEY, "details": {"prompt": KEY, "seed": 7}}, status=400), BadRequest),
        (web.json_response({"error": KEY}, status=401), KeyRefused),
        (web.json_response({"error": KEY}, status=403), KeyRefused),
        (web.json_response({"error": KEY}, status=402), OutOfCredits),
        (web.json_response({"error": KEY}, status=404), NotFound),
        (web.json_response({"error": KEY}, status=418), UnexpectedAnswer),
        (web.Response(status=307, headers={"Location": "/elsewhere"}), Unavailable),
        *[(web.Response(status=status, text=f"<html>{KEY}"), Unavailable) for status in FOREIGN],
        (web.json_response({"message": KEY}, status=401), Unavailable),
        (web.json_response([KEY], status=403), Unavailable),
        (web.json_response({"error": KEY}, status=408), Unavailable),
        (web.json_response({"error": KEY}, status=409), Conflict),
        (web.json_response({"error": KEY}, status=425), Unavailable),
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
        async with client_of(answer, RetryPolicy(0)) as (apiframe, far_end):
            with pytest.raises(error) as failure:
                await apiframe.job("1")
    assert len(far_end.requests) == 1
    assert KEY not in f"{told(failure.value)} {logs} {apiframe!r}"


@pytest.mark.promise(ApiframeFault.ORDER_IN_DOUBT)
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (web.json_response({"error": "x"}, status=409), OrderInDoubt),
        (web.json_response({"error": "x"}, status=500), OrderInDoubt),
        (web.Response(status=502, text="<html>"), OrderInDoubt),
        (web.Response(status=524, text="<html>"), OrderInDoubt),
        (web.Response(status=202, text="<html>"), OrderInDoubt),
        (web.json_response({"job": "x"}, status=202), OrderInDoubt),
        (web.json_response({"error": "x"}, status=503), Unavailable),
        (web.json_response({"error": "x"}, status=429), RateLimited),
        (web.json_response({"error": "x"}, status=408), Unavailable),
        (web.Response(status=403, text="<html>"), Unavailable),
        (web.json_response({"error": "x"}, status=401), KeyRefused),
        (web.json_response({"error": "x"}, status=400), BadRequest),
    ],
)
async def test_an_order_is_in_doubt_where_it_may_have_been_accepted(
    answer: web.Response, error: type[ApiframeError]
) -> None:
    """Only an answer that says so, or that came from before Apiframe, means that no job was made."""
    async with client_of(answer, RetryPolicy(0)) as (apiframe, _):
        with pytest.raises(error):
            await apiframe.submit(apiframe.write_order("a red boat", FluxParams(seed=7)), idempotency_key="1")


@pytest.mark.promise(ApiframeFault.FORBIDDEN)
async def test_what_a_403_says_is_kept_without_the_key() -> None:
    """Apiframe's own words may be quoted to a member, so the key is taken out of them."""
    answer = web.json_response({"error": f"{KEY} may not make images"}, status=403)
    async with client_of(answer, RetryPolicy(0)) as (apiframe, _):
        with pytest.raises(KeyRefused) as refused:
            await apiframe.me()
    assert refused.value.says == "(key) may not make images"


@pytest.mark.promise(ApiframeFault.RETRYABLE_STATUS)
@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ({"Retry-After": "9"}, 9.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 30.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT", "Date": "Wed, 21 Oct 2026 07:28:30 GMT"}, 0.0),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Wed, 99 Oct 2026 07:28:00 GMT"}, None),
        ({}, None),
    ],
)
def test_a_pause_is_named_in_seconds_or_by_a_date(asked: dict[str, str], seconds: float | None) -> None:
    """A date is compared with the server's own clock, so that ours may be wrong."""
    assert retry_after_seconds(asked) == seconds


async def test_key_goes_to_apiframe_alone() -> None:
    """The key is in a header of each request, and a redirect elsewhere does not carry it there."""
    elsewhere = web.Response(status=307, headers={"Location": "/elsewhere"})
    async with client_of(elsewhere, RetryPolicy(0)) as (apiframe, far_end):
        with pytest.raises(Unavailable):
            await apiframe.me()
    assert [(request.path, request.headers["X-API-Key"]) for request in far_end.requests] == [("/v2/me", KEY)]
    assert far_end.requests[0].headers["User-Agent"].startswith("imagine-bot/")


async def test_nonsense_instead_of_http() -> None:
    """A server that does not even speak HTTP is an outage; neither the error nor the log shows the key."""
    with structlog.testing.capture_logs() as logs:
        async with far_end_that(babble) as far_end:
            retries = RetryPolicy(0.05, first_pause_seconds=0.01)
            async with open_apiframe(far_end.base_url, SecretStr(KEY), retries=retries) as apiframe:
                with pytest.raises(Unavailable) as failure:
                    await apiframe.me()
    assert logs
    assert KEY not in f"{told(failure.value)} {logs}"


async def test_nobody_there() -> None:
    """An address where nobody listens is an outage."""
    async with client_of(web.Response(), RetryPolicy(0)) as (apiframe, far_end):
        await far_end.server.close()
        with pytest.raises(Unavailable, match="ClientConnectorError"):
            await apiframe.me()


async def test_time_limit_has_its_own_error(stand_in: ApiframeStandIn) -> None:
    """A late response differs from a failed connection, since the request may have had its effect."""
    stand_in.faults.arm(Fault(Kind.STALLED, seconds=30))
    key = SecretStr(stand_in.api_key)
    async with open_apiframe(stand_in.base_url, key, retries=RetryPolicy(0), request_timeout_seconds=0.1) as apiframe:
        with pytest.raises(TimedOut):
            await apiframe.me()
