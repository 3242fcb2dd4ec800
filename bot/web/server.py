"""The small server for whoever watches the process: it says whether the bot lives and is ready."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from bot.errors import StartupError

log = structlog.get_logger(__name__)

Readiness = Callable[[], Awaitable[str | None]]


@asynccontextmanager
async def serve_health(host: str, port: int, why_not_ready: Readiness) -> AsyncIterator[str]:
    """Serve `/healthz` and `/readyz` and yield the address; `why_not_ready` returns a reason, or None when ready."""

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(_: web.Request) -> web.Response:
        reason = await why_not_ready()
        return web.json_response({"ready": reason is None, "reason": reason}, status=200 if reason is None else 503)

    app = web.Application()
    app.add_routes([web.get("/healthz", alive), web.get("/readyz", ready)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as cause:
            raise StartupError(f"Nothing can listen at {host}:{port} ({cause.strerror}): change HTTP_PORT.") from cause
        address = f"http://{host}:{runner.addresses[0][1]}"
        log.info("health_served", address=address)
        yield address
    finally:
        await runner.cleanup()
