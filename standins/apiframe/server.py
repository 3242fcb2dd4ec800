"""The stand-in for Apiframe: one server with the API and the CDN, on an address of its own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Self

import aiohttp
from aiohttp import web

from standins.apiframe.cdn import Cdn
from standins.apiframe.middleware import gate
from standins.apiframe.routes import Routes
from standins.apiframe.worker import Studio
from standins.apiframe.world import World
from standins.clock import Clock

PATIENCE = aiohttp.ClientTimeout(total=30)
GOODBYE_SECONDS = 0.2
LARGEST_BODY_BYTES = 1024 * 1024


class ApiframeStandIn(World):
    """Apiframe v2 for one caller: tests set its state and read its requests."""

    def __init__(self, clock: Clock, api_key: str = "afk_playground", credits_available: int = 10_000) -> None:
        super().__init__(clock, api_key, credits_available)

    @asynccontextmanager
    async def serving(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Self]:
        """Serve at `base_url` until the context ends; port 0 takes a free one. Jobs under way end with it."""
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(aiohttp.ClientSession(timeout=PATIENCE))
            studio = Studio(self, session)
            stack.push_async_callback(studio.close)
            runner = web.AppRunner(self._app(studio), access_log=None, shutdown_timeout=GOODBYE_SECONDS)
            stack.push_async_callback(runner.cleanup)
            await runner.setup()
            await web.TCPSite(runner, host, port).start()
            self.base_url = f"http://{host}:{runner.addresses[0][1]}"
            yield self

    def _app(self, studio: Studio) -> web.Application:
        app = web.Application(middlewares=gate(self), client_max_size=LARGEST_BODY_BYTES)
        app.add_routes([*Routes(self, studio).table(), *Cdn(self).table()])
        return app
