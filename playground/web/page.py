"""The page as one thing to open: every room of it on one address of this machine."""

import errno
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from playground.bot_process import BotProcess
from playground.demo_server import Town
from playground.web.answers import Answers
from playground.web.composer import Composer
from playground.web.control_panel.page import Curtain
from playground.web.language import LANGUAGE_NAMES, ClientLanguage
from playground.web.live import Region, stream
from playground.web.messages import Messages
from playground.web.origin_check import forbid_the_rest, guard
from playground.web.pulse import Pulse
from playground.web.read_states import ReadStates
from playground.web.rendering import Renderer
from playground.web.viewer import PREFIX, Seats
from playground.web.welcome import Welcome
from standins.apiframe.server import ApiframeStandIn
from standins.discord.server import DiscordStandIn

_STATIC = Path(__file__).with_name("static")
_LARGEST_FORM_BYTES = 300 * 1024 * 1024  # ten files, each a little over what a server boosted to level 0 takes
_FIRST_PERSON = "alice"


@dataclass(frozen=True, slots=True)
class Backstage:
    """The page's state: both stand-ins, the demo server, the bot, and the pulse that signals changes."""

    discord: DiscordStandIn
    apiframe: ApiframeStandIn
    town: Town
    bot: BotProcess
    pulse: Pulse


class Page:
    """A chat on the demo server as each of its people sees it, and the control panel for the stand-ins."""

    def __init__(self, backstage: Backstage) -> None:
        self._pulse = backstage.pulse
        self._seats = seats = Seats(backstage.town)
        self._renderer = renderer = Renderer()
        answers = Answers(renderer, seats)
        self._read_states = ReadStates(renderer, seats)
        self._composer = Composer(renderer, seats, answers)
        self._curtain = Curtain(renderer, backstage.discord, backstage.apiframe, backstage.bot)
        welcome = Welcome(renderer, seats, answers, self._curtain.fail_next_picture)
        self._messages = Messages(renderer, seats, answers, welcome)
        self._rooms = (answers, self._composer, self._messages, self._curtain, welcome, ClientLanguage(seats))

    def app(self) -> web.Application:
        """Return the web application."""
        app = web.Application(middlewares=[guard], client_max_size=_LARGEST_FORM_BYTES)
        app.on_response_prepare.append(forbid_the_rest)
        app.router.add_static("/static", _STATIC)
        app.router.add_get("/", self._enter)
        app.router.add_get(PREFIX, self._show)
        app.router.add_get(f"{PREFIX}/live", self._live)
        for room in self._rooms:
            app.add_routes(room.routes())
        return app

    def _regions(self) -> Mapping[str, Region]:
        """Return what changes by itself: ids of elements, and how to fill them."""
        head = {"warning": self._curtain.warning, "bot-chip": self._curtain.bot_chip}
        return {"messages": self._messages.html, "places": self._read_states.html, **head, **self._curtain.regions()}

    async def _enter(self, _: web.Request) -> web.Response:
        raise web.HTTPFound(self._seats.first_of(self._seats.town.residents[_FIRST_PERSON]))

    async def _show(self, request: web.Request) -> web.Response:
        seat = self._seats.of(request)
        regions = {name: html(seat) for name, html in self._regions().items()}
        page = self._renderer.html(
            "page.html",
            seat=seat,
            seats=self._seats,
            languages=LANGUAGE_NAMES,
            regions=regions,
            panels=self._curtain.regions(),
            composer=self._composer.html(seat),
        )
        return web.Response(text=page, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def _live(self, request: web.Request) -> web.StreamResponse:
        return await stream(request, self._seats.of(request), self._regions(), self._pulse)


@asynccontextmanager
async def open_page(backstage: Backstage, port: int) -> AsyncIterator[str]:
    """Serve the page on 127.0.0.1 and yield its address; if `port` is taken, or 0, a free one is used."""
    runner = web.AppRunner(Page(backstage).app(), access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await _listen(runner, port)
        ring = backstage.pulse.ring
        with backstage.discord.world.news.watching(ring), backstage.apiframe.changes.watching(ring):
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
    except OSError as cause:
        if cause.errno != errno.EADDRINUSE:
            raise
        await web.TCPSite(runner, "127.0.0.1", 0).start()
