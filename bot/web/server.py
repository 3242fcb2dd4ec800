"""The process's one HTTP port; features contribute their routes."""

import errno
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import StartupError


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
        except (OSError, OverflowError, UnicodeError) as cause:  # an invalid name raises a UnicodeError
            raise _not_listening(host, port, cause) from cause
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _not_listening(host: str, port: int, cause: Exception) -> StartupError:
    match cause:
        case OSError(errno=errno.EADDRINUSE):
            return StartupError(f"Another program uses {host}:{port}.", "Stop it, or change HTTP_PORT.")
        case OSError(errno=errno.EACCES):
            return StartupError(f"This user may not listen at {host}:{port}.", "Change HTTP_PORT to 1024 or more.")
        case _:
            return StartupError(f"{host} isn't an address of this machine.", "Change HTTP_HOST.")
