"""The bot behind the curtain: how it is, what it says, and buttons that end and start it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from enum import Enum

from aiohttp import web
from markupsafe import Markup

from playground.bot_process import BotProcess
from playground.web.control_panel.log_lines import LogReader
from playground.web.live import Region
from playground.web.rendering import Renderer
from playground.web.viewer import Seat
from standins.discord.gateway.gateway import Gateway

_LINES_SHOWN = 100


class BotState(Enum):
    """How the bot is: a word, and a sentence about it."""

    OFF = "Off", "The bot wasn't started."
    STARTING = "Starting", "The bot is running, but isn't connected to Discord yet."
    SERVING = "Serving", "The bot is connected to Discord and responds."
    STOPPING = "Stopping", "The bot is shutting down. Unfinished pictures continue when it starts again."
    STOPPED = "Stopped", "The bot was shut down. Unfinished pictures continue when it starts again."
    KILLED = "Killed", "The bot was killed. Start it, and unfinished pictures continue."
    FAILED = "Failed", "The bot exited on its own. Its log says why."
    FOREIGN = "Yours", "A bot that you started yourself is connected."

    @property
    def word(self) -> str:
        """Return the state in a word."""
        return self.value[0]

    @property
    def is_up(self) -> bool:
        """Return True if a bot answers."""
        return self in (BotState.SERVING, BotState.FOREIGN)

    @property
    def is_down(self) -> bool:
        """Return True if there is no bot, and the page can start one."""
        return self in (BotState.OFF, BotState.STOPPED, BotState.KILLED, BotState.FAILED)

    @property
    def sentence(self) -> str:
        """Return what the state means."""
        return self.value[1]


class BotPanel:
    """The bot's process: its state, and buttons to change it."""

    def __init__(self, renderer: Renderer, bot: BotProcess, gateway: Gateway, changed: Callable[[], None]) -> None:
        self._renderer = renderer
        self._bot = bot
        self._gateway = gateway
        self._changed = changed
        self._log = LogReader()
        self._is_stopping = False
        self._under_way: set[asyncio.Task[None]] = set()
        self._acts: Mapping[str, Callable[[], Coroutine[None, None, None]]] = {
            "kill": bot.kill,
            "stop": self._stop,
            "start": bot.start,
            "restart": self._restart,
        }

    def regions(self) -> Mapping[str, Region]:
        """Return what changes by itself."""
        return {"bot": self._html}

    def routes(self) -> Sequence[web.RouteDef]:
        """Return where the buttons lead."""
        return [web.post("/curtain/bot/{act}", self._act)]

    @property
    def state(self) -> BotState:
        """Return how the bot is now."""
        connected = bool(self._gateway.connected)
        if self._is_stopping:
            return BotState.STOPPING
        if self._bot.is_alive:
            return BotState.SERVING if connected else BotState.STARTING
        return BotState.FOREIGN if connected else _ended(self._bot.exit_code)

    def chip(self, _: Seat) -> Markup:
        """Return the state for the chat's head, with a button to start a bot that is down; empty while it answers."""
        return self._renderer.html("bot-chip.html", state=self.state)

    def _html(self, _: Seat) -> Markup:
        lines = self._log.read(list(self._bot.log)[-_LINES_SHOWN:])
        return self._renderer.html("curtain-bot.html", state=self.state, is_alive=self._bot.is_alive, lines=lines)

    async def _act(self, request: web.Request) -> web.Response:
        act = self._acts.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound(text="The bot cannot do that.")
        doing = asyncio.create_task(act(), name="act upon the bot")
        self._under_way.add(doing)
        doing.add_done_callback(self._under_way.discard)
        await asyncio.shield(doing)  # the action is finished even if the browser opens another page in the meantime
        return web.Response(status=204)

    async def _stop(self) -> None:
        self._is_stopping = True
        self._changed()
        try:
            await self._bot.stop()
        finally:
            self._is_stopping = False
            self._changed()

    async def _restart(self) -> None:
        await self._stop()
        await self._bot.start()


def _ended(exit_code: int | None) -> BotState:
    match exit_code:
        case None:
            return BotState.OFF
        case 0:
            return BotState.STOPPED
        case _:
            return BotState.KILLED if exit_code < 0 else BotState.FAILED
