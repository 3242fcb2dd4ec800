"""The life of one process: log in, serve members until it is closed, and leave in order."""

import asyncio
from contextlib import AsyncExitStack

import structlog
from pydantic import SecretStr

from bot.alerts.credit_check import CreditCheck
from bot.gateway.client import ImagineBot
from bot.generation.executor import Executor
from bot.maintenance.price_refresh import PriceRefresh
from bot.services import Services

log = structlog.get_logger(__name__)


class BotRunner:
    """The bot with everything that it runs on; `web_address` is where health checks and metrics are served."""

    def __init__(
        self,
        bot: ImagineBot,
        services: Services,
        credit_check: CreditCheck,
        prices: PriceRefresh,
        executor: Executor,
        web_address: str,
    ) -> None:
        self.bot = bot
        self.services = services
        self.web_address = web_address
        self._credit_check = credit_check
        self._prices = prices
        self._executor = executor
        self._serving = AsyncExitStack()
        self._is_serving = asyncio.Event()

    async def serve(self, token: SecretStr) -> None:
        """Log in, register changed commands, resume unfinished pictures, and stay connected until closed.

        Raises `StartupError` if Discord does not accept the token, or does so no longer, and if another process has
        the same shards.
        """
        await self._executor.take()
        await self.bot.log_in(token)
        await self.bot.sync_if_changed()
        # First, because the others report alerts, and this one remembers which are known.
        await self._serving.enter_async_context(self._credit_check.running())
        await self._serving.enter_async_context(self._prices.running())
        await self._serving.enter_async_context(self.services.generations.serving())
        self._is_serving.set()
        connecting = asyncio.create_task(self.bot.stay_connected(), name="gateway")
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

    async def until_ready(self) -> None:
        """Wait until members are served, also when called before the login."""
        await self._is_serving.wait()
        await self.bot.wait_until_ready()

    async def _log_when_ready(self) -> None:
        await self.until_ready()
        name, servers, health = str(self.bot.user), len(self.bot.guilds), f"{self.web_address}/healthz"
        counted = "1 server" if servers == 1 else f"{servers} servers"
        log.info("Ready as %s in %s, health at %s", name, counted, health, bot=name, servers=servers, health=health)

    async def close(self) -> None:
        """Stop serving first, while what finishes can still be posted, then leave Discord."""
        await self._serving.aclose()
        await self.bot.close()
