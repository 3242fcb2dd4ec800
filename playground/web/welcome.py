"""The welcome card at the start of every channel: three things to press, for visitors who just opened the page."""

from collections.abc import Callable, Sequence

from aiohttp import web
from markupsafe import Markup

from playground.web.answers import Answers
from playground.web.rendering import Renderer
from playground.web.viewer import PREFIX, Seat, Seats
from standins.discord.client.client import UnusableError
from standins.discord.model.permissions import Permission

_PROMPT = "a red boat at dawn"


class Welcome:
    """Shows the card, and does what its buttons say; `fail_next` switches on a fault for the next picture."""

    def __init__(self, renderer: Renderer, seats: Seats, answers: Answers, fail_next: Callable[[], None]) -> None:
        self._renderer = renderer
        self._seats = seats
        self._answers = answers
        self._fail_next = fail_next

    def html(self, seat: Seat) -> Markup:
        """Return the card for the person at a seat; moderators are offered a limit instead of their own role."""
        may_moderate = bool(seat.channel.permissions_of(seat.user) & Permission.MANAGE_GUILD)
        moderator = self._seats.switched(seat, self._seats.town.moderator)
        return self._renderer.html("welcome.html", seat=seat, may_moderate=may_moderate, moderator=moderator)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return where the buttons lead."""
        return [web.post(f"{PREFIX}/welcome/draw", self._draw), web.post(f"{PREFIX}/welcome/fail", self._fail)]

    async def _draw(self, request: web.Request) -> web.Response:
        """Send `/imagine` in the visitor's name."""
        seat = self._seats.of(request)
        try:
            interaction = await seat.person.types("/imagine", seat.channel, prompt=_PROMPT)
        except UnusableError as error:
            return self._answers.refused(seat, error)
        return await self._answers.after(seat, interaction)

    async def _fail(self, request: web.Request) -> web.Response:
        """Send `/imagine` for a picture that fails."""
        self._fail_next()
        return await self._draw(request)
