"""The one port of this process: whoever has something to answer gives its routes."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from bot.errors import StartupError

log = structlog.get_logger(__name__)


@asynccontextmanager
async def serve_web(host: str, port: int, routes: Iterable[web.AbstractRouteDef]) -> AsyncIterator[str]:
    """Serve `routes` and yield the address; port 0 takes a free one, and a taken one raises `StartupError`."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, auto_decompress=False)  # a body is signed as it was sent
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as cause:
            raise StartupError(f"Nothing can listen at {host}:{port} ({cause.strerror}): change HTTP_PORT.") from cause
        address = f"http://{host}:{runner.addresses[0][1]}"
        log.info("web_served", address=address)
        yield address
    finally:
        await runner.cleanup()
