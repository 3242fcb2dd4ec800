"""The endpoint for Apiframe's webhooks: a valid signature only causes a look at the job."""

import asyncio
from typing import Final

import structlog
from aiohttp import web
from pydantic import ValidationError
from yarl import URL

from bot.apiframe.signature import WebhookSignature
from bot.apiframe.wire import JobWebhook
from bot.errors import StorageUnavailable, record_unexpected
from bot.generation.job_events import JobEvent, JobEvents

log = structlog.get_logger(__name__)

_PATH: Final = "/webhooks/apiframe"
_BODY_MAX_BYTES = 64 * 1024
_PROGRESS = "progress"
_TIMEOUT_SECONDS = 5.0  # with the database, and with a body on its way


def webhook_address(public_url: str) -> str:
    """Return where Apiframe can knock, for a bot that the world reaches at `public_url`, which may have a path."""
    return str(URL(public_url).joinpath(_PATH.removeprefix("/")))


def webhook_routes(
    signature: WebhookSignature, job_events: JobEvents, timeout_seconds: float = _TIMEOUT_SECONDS
) -> list[web.RouteDef]:
    """Return the route of `POST /webhooks/apiframe`.

    It responds 200 if a picture waits for the job, 204 if none does (any more, or yet), 408, 413, 401 or 400 if the
    request is too slow, too long, not signed with our key or not a webhook, in this order, and 503 while the database
    is down.
    """

    async def receive(request: web.Request) -> web.Response:
        body = await _read(request, timeout_seconds)
        if not signature.fits(body, request.headers.get("X-Webhook-Signature", "")):
            log.debug("webhook_refused", reason="signature")
            raise web.HTTPUnauthorized
        try:
            news = JobWebhook.model_validate_json(body)
        except ValidationError:
            log.debug("webhook_refused", reason="body")
            raise web.HTTPBadRequest from None
        return await _answer(job_events, news, timeout_seconds)

    return [web.post(_PATH, receive)]


async def _read(request: web.Request, seconds: float) -> bytes:
    """Return the body as it was sent; refuse one that is too long before there is more of it, or that trickles."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > _BODY_MAX_BYTES:
                    raise web.HTTPRequestEntityTooLarge(max_size=_BODY_MAX_BYTES, actual_size=len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(body)


async def _answer(job_events: JobEvents, told: JobWebhook, seconds: float) -> web.Response:
    news = JobEvent.MOVED if told.event == _PROGRESS else JobEvent.ENDED
    try:
        async with asyncio.timeout(seconds):
            awaited = await job_events.wake(told.job_id, news)
    except TimeoutError:
        return _not_now(StorageUnavailable("the database does not answer in time"))
    except Exception as unexpected:  # noqa: BLE001  (whatever a driver raises: the job is found without this webhook)
        return _not_now(unexpected)
    return web.json_response({"woken": True}) if awaited else web.Response(status=204)


def _not_now(cause: Exception) -> web.Response:
    """Make Apiframe send the webhook again later."""
    record_unexpected(cause, "passing a webhook on")
    return web.Response(status=503)
