"""Discord's side behind the curtain: the bot's connection to the gateway, tokens, and rate limits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from markupsafe import Markup

from playground.web.control_panel.forms import LimitForm, read_form
from playground.web.live import Region
from playground.web.rendering import Renderer
from playground.web.viewer import Seat
from standins.discord.gateway.gateway import Op
from standins.discord.rate_limits import Limit
from standins.discord.server import DiscordStandIn

_TIGHT = Limit(requests=1, seconds=2.0)


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do to the connection, by a button; `about` says what to expect of the bot."""

    label: str
    about: str
    do: Callable[[], None]


class ConnectionPanel:
    """The connection between the bot and Discord: its state, and buttons to change it."""

    def __init__(self, renderer: Renderer, discord: DiscordStandIn) -> None:
        self._renderer = renderer
        self._discord = discord
        self._acts = _acts(discord)

    def regions(self) -> Mapping[str, Region]:
        """Return what changes by itself."""
        return {"connection": self._html}

    def routes(self) -> Sequence[web.RouteDef]:
        """Return where the buttons lead."""
        return [web.post("/curtain/limit", self._limit), web.post("/curtain/connection/{act}", self._act)]

    def _html(self, _: Seat) -> Markup:
        gateway = self._discord.gateway
        return self._renderer.html(
            "curtain-connection.html",
            sessions=list(gateway.sessions.values()),
            identified=gateway.received[Op.IDENTIFY],
            resumed=gateway.received[Op.RESUME],
            open_count=len(self._discord.world.open_interactions()),
            acts=self._acts,
            tight=self._discord.limits.of_the_rest == _TIGHT,
        )

    async def _act(self, request: web.Request) -> web.Response:
        act = self._acts.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound(text="Discord cannot do that.")
        act.do()
        return web.Response(status=204)

    async def _limit(self, request: web.Request) -> web.Response:
        form = await read_form(request, LimitForm)
        self._discord.limits.of_the_rest = _TIGHT if form.tight else Limit()
        self._discord.world.news.ring()
        return web.Response(status=204)


def _acts(discord: DiscordStandIn) -> Mapping[str, Act]:
    gateway = discord.gateway
    return {
        "drop": Act(
            "Cut the connection",
            "The connection drops. The bot reconnects, resumes its session and gets the missed events.",
            gateway.drop,
        ),
        "reconnect": Act(
            "Ask to reconnect",
            "Discord asks the bot to use another machine. The bot resumes its session.",
            gateway.ask_to_reconnect,
        ),
        "invalidate": Act(
            "Invalidate the session",
            "The session can't be resumed. The bot starts a new one, and misses the events in between.",
            gateway.invalidate,
        ),
        "tokens": Act(
            "Expire all tokens",
            "A token lets the bot answer a command, for 15 minutes. Expire them while a picture is being drawn: the "
            "bot posts it as a new message instead.",
            discord.world.kill_tokens,
        ),
    }
