"""The room where messages are read: the newest of a channel, as the person at a seat sees them."""

from aiohttp import web
from markupsafe import Markup

from playground.web.answers import Answers
from playground.web.files import Files
from playground.web.message_actions import Gestures
from playground.web.message_html import MessageHtml
from playground.web.message_view import spelt
from playground.web.rendering import Renderer
from playground.web.unanswered import Unanswered
from playground.web.viewer import PREFIX, Seat, Seats, message_in
from playground.web.welcome import Welcome

_MOST = 100


class Messages:
    """Shows messages, takes what a person does to them, and remembers which ones somebody has dismissed."""

    def __init__(self, renderer: Renderer, seats: Seats, answers: Answers, welcome: Welcome) -> None:
        self._renderer = renderer
        self._seats = seats
        self._welcome = welcome
        self._unanswered = Unanswered(seats)
        self._html = MessageHtml(renderer, seats)
        self._files = Files(seats)
        self._gestures = Gestures(seats, answers)
        self._dismissed: set[int] = set()

    def html(self, seat: Seat) -> Markup:
        """Return the newest messages of a place, the oldest of them first; above the very first is the welcome card."""
        seen = [message for message in seat.channel.messages_for(seat.user) if message.id not in self._dismissed]
        welcome = self._welcome.html(seat) if len(seen) <= _MOST else ""
        shown = self._html.each(seen[-_MOST:], seat, self._unanswered.presses(seat)) | self._without_answer(seat)
        return self._renderer.html("messages.html", welcome=welcome, messages=[shown[one] for one in sorted(shown)])

    def _without_answer(self, seat: Seat) -> dict[int, Markup]:
        """Return the commands that the app did not answer, by their ids, which are in order with the messages'."""
        return {
            one.id: self._renderer.html("unanswered.html", interaction=one, command=spelt(one), seat=seat)
            for one in self._unanswered.commands(seat)
        }

    def routes(self) -> list[web.RouteDef]:
        """Return the routes below a message's address."""
        dismiss = web.post(f"{PREFIX}/messages/{{message}}/dismiss", self._dismiss)
        return [*self._files.routes(), *self._gestures.routes(), *self._unanswered.routes(), dismiss]

    async def _dismiss(self, request: web.Request) -> web.Response:
        """Hide a private message from its only viewer. Discord itself gets no event."""
        seat = self._seats.of(request)
        message = message_in(seat, request)
        if message.visible_only_to is None:
            raise web.HTTPForbidden(text="Only a message that nobody else sees can be dismissed.")
        self._dismissed.add(message.id)
        seat.channel.platform.news.ring()
        return web.Response(status=204)
