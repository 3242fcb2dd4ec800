"""The life of one process: log in, serve members until it is closed, and leave in order."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack

import structlog
from pydantic import SecretStr

from bot.gateway.client import ImagineBot
from bot.generation.executor import Executor
from bot.role import Role
from bot.services import Services

log = structlog.get_logger(__name__)

Beside = Callable[[], AbstractAsyncContextManager[None]]


class BotRunner:
    """The bot with everything that it runs on; `web_address` is where health checks and metrics are served."""

    def __init__(
        self,
        bot: ImagineBot,
        services: Services,
        beside: Sequence[Beside],
        executor: Executor,
        web_address: str,
        role: Role,
    ) -> None:
        """`beside` runs from the login to the end, in this order."""
        self.bot = bot
        self.services = services
        self.web_address = web_address
        self._beside = beside
        self._executor = executor
        self._role = role
        self._serving = AsyncExitStack()
        self._is_serving = asyncio.Event()

    async def serve(self, token: SecretStr) -> None:
        """Log in, register changed commands, resume unfinished pictures, and stay connected until closed.

        A worker registers nothing, and needs no connection.

        Raises `StartupError` if Discord does not accept the token, or does so no longer, and if another process has
        the same shards.
        """
        await self._executor.take()
        await self.bot.log_in(token)
        if self._role is not Role.WORKER:
            await self.bot.sync_if_changed()
        for running in self._beside:
            await self._serving.enter_async_context(running())
        await self._serving.enter_async_context(self.services.generations.serving())
        self._is_serving.set()
        connecting = asyncio.create_task(self._stay(), name="gateway")
        replaced = asyncio.create_task(self._executor.until_replaced(), name="replaced")
        ready = asyncio.create_task(self._log_when_ready(), name="ready")
        try:
            ended, _ = await asyncio.wait({connecting, replaced}, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                await task
        finally:
            for task in (connecting, replaced, ready):
                task.cancel()
            await asyncio.gather(connecting, replaced, ready, return_exceptions=True)

    async def _stay(self) -> None:
        if self._role is Role.WORKER:
            await asyncio.Event().wait()
        await self.bot.stay_connected()

    async def until_ready(self) -> None:
        """Wait until members are served, also when called before the login."""
        await self._is_serving.wait()
        if self._role is not Role.WORKER:
            await self.bot.wait_until_ready()

    async def _log_when_ready(self) -> None:
        await self.until_ready()
        if self._role is Role.WORKER:
            log.info("worker_ready", executor=self._executor.id, health=f"{self.web_address}/healthz")
            return
        name, servers, health = str(self.bot.user), len(self.bot.guilds), f"{self.web_address}/healthz"
        counted = "1 server" if servers == 1 else f"{servers} servers"
        log.info("Ready as %s in %s, health at %s", name, counted, health, bot=name, servers=servers, health=health)

    async def close(self) -> None:
        """Stop serving first, while what finishes can still be posted, then leave Discord."""
        await self._serving.aclose()
        await self.bot.close()
