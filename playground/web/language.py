"""The language of each person's Discord client, which the bot gets with everything that they do."""

from collections.abc import Sequence

from aiohttp import web

from playground.web.viewer import PREFIX, Seats
from standins.discord.rules.facts import LOCALES


class ClientLanguage:
    """Sets the language of the person at a seat; it stays theirs until the playground closes."""

    def __init__(self, seats: Seats) -> None:
        self._seats = seats

    def routes(self) -> Sequence[web.RouteDef]:
        """Return where the form leads."""
        return [web.post(f"{PREFIX}/language", self._choose)]

    async def _choose(self, request: web.Request) -> web.Response:
        seat, chosen = self._seats.of(request), (await request.post()).get("locale")
        if chosen not in LOCALES:
            raise web.HTTPBadRequest(text="Discord has no such language.")
        seat.user.locale = str(chosen)
        raise web.HTTPSeeOther(seat.path)
