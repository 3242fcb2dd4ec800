"""The stand-in as one thing to switch on: a world, and a server on a free port that speaks for it."""

import secrets
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from aiohttp import web

from standins.clock import Clock
from standins.discord.client.client import ClientApp
from standins.discord.client.person import Person
from standins.discord.faults import Faults
from standins.discord.gateway.gateway import Gateway
from standins.discord.gateway.sessions import NO_INTENTS, Intent
from standins.discord.model.attachments import EPHEMERAL, LASTING
from standins.discord.model.users import HasUser
from standins.discord.model.world import World
from standins.discord.rate_limits import RateLimits
from standins.discord.rest.applications import ApplicationRoutes
from standins.discord.rest.bodies import LARGEST_REQUEST, Bodies
from standins.discord.rest.calls import Route
from standins.discord.rest.command_permissions import CommandPermissionRoutes
from standins.discord.rest.commands import CommandRoutes
from standins.discord.rest.guilds import Finding, PlaceRoutes
from standins.discord.rest.interactions import InteractionRoutes
from standins.discord.rest.messages import MessageRoutes
from standins.discord.rest.pipeline import API, Door
from standins.discord.rest.reactions import ReactionRoutes
from standins.discord.rest.users import UserRoutes
from standins.exchange import Observer

CDN_PATH = f"/{{folder:{LASTING}|{EPHEMERAL}}}/{{owner}}/{{file}}/{{name}}"


class DiscordStandIn:
    """Discord for one bot: `world` is its state, the rest is the bot's connection and its faults.

    `privileged` are the intents that the application was granted in the developer portal.
    """

    def __init__(self, clock: Clock, *, privileged: Intent = NO_INTENTS) -> None:
        self.world = World(clock)
        self.client = ClientApp(self.world)
        whose = b64encode(str(self.world.application_id).encode()).decode().rstrip("=")
        self.token = f"{whose}.play.{secrets.token_hex(16)}"
        self.gateway = Gateway(self.world, self.token, allowed=privileged)
        self._reads_content = bool(privileged & Intent.MESSAGE_CONTENT)
        self.faults = Faults(self.world.news.ring)
        self.limits = RateLimits(clock)
        self.observers: list[Observer] = []
        self.cdn_url = ""

    @property
    def api_url(self) -> str:
        """Return the address to give the bot in place of `https://discord.com/api/v10`."""
        return f"{self.cdn_url}{API}"

    @property
    def application_id(self) -> int:
        """Return the application's snowflake, which is the bot user's too."""
        return self.world.application_id

    def person(self, who: HasUser) -> Person:
        """Return a user or a member with a Discord client in front of them."""
        return Person(self.client, who.user)

    def routes(self) -> list[Route]:
        """Return the operations that are imitated."""
        finding = Finding(self.world)
        rooms = (
            UserRoutes(self.world),
            ApplicationRoutes(self.world, self.gateway),
            CommandPermissionRoutes(self.world),
            CommandRoutes(self.world),
            PlaceRoutes(self.world, finding),
            MessageRoutes(self.world, finding, reads_content=self._reads_content),
            ReactionRoutes(self.world, finding),
            InteractionRoutes(self.world),
        )
        return [route for room in rooms for route in room.routes()]

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=2 * LARGEST_REQUEST)
        door = Door(
            token=self.token,
            clock=self.world.clock,
            faults=self.faults,
            limits=self.limits,
            bodies=Bodies(self.world.cdn),
            observers=self.observers,
        )
        app.router.add_get("/", self.gateway.serve)
        app.router.add_get(CDN_PATH, self.world.cdn.serve)
        app.router.add_get("/stickers/{name}", self.world.cdn.serve_sticker)
        app.router.add_get("/external/{path:.*}", self.world.cdn.serve_proxied)
        door.install(app.router, self.routes())
        return app

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[Self]:
        """Serve on 127.0.0.1 (port 0 takes a free one) while the block runs."""
        runner = web.AppRunner(self._app(), access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", port)
            await site.start()
            self._take_address(*runner.addresses[0])
            with self.world.news.listening(self.gateway.hear):
                yield self
        finally:
            await self.gateway.close()
            await runner.cleanup()
            self.world.cdn.close()

    def _take_address(self, host: str, port: int) -> None:
        self.cdn_url = self.world.cdn.address = f"http://{host}:{port}"
        self.gateway.address = f"ws://{host}:{port}"
