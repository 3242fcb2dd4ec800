"""Commands and presses that the app did not answer in time: what Discord shows of them until they are dismissed."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from playground.web.viewer import PREFIX, Seat, Seats
from standins.discord.model.interactions import ANSWER_WITHIN_SECONDS, Interaction, InteractionType


class Unanswered:
    """Finds a person's unanswered interactions in a channel, and remembers which ones they have dismissed."""

    def __init__(self, seats: Seats) -> None:
        self._seats = seats
        self._dismissed: set[int] = set()

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the address below which they are dismissed."""
        return [web.post(f"{PREFIX}/unanswered/{{interaction}}/dismiss", self._dismiss)]

    def commands(self, seat: Seat) -> list[Interaction]:
        """Return the commands without an answer, oldest first."""
        return [one for one in _of(seat, InteractionType.COMMAND) if self._is_shown(one)]

    def presses(self, seat: Seat) -> Mapping[int, int]:
        """Return the messages whose newest press has no answer: their ids, and the interactions' ids."""
        newest = {one.message.id: one for one in _of(seat, InteractionType.COMPONENT) if one.message is not None}
        return {message_id: one.id for message_id, one in newest.items() if self._is_shown(one)}

    def _is_shown(self, interaction: Interaction) -> bool:
        is_late = interaction.callback is None and interaction.age >= ANSWER_WITHIN_SECONDS
        return is_late and interaction.id not in self._dismissed

    async def _dismiss(self, request: web.Request) -> web.Response:
        seat, wanted = self._seats.of(request), request.match_info["interaction"]
        shown = {one.id for one in self.commands(seat)} | set(self.presses(seat).values())
        dismissed = {one for one in shown if str(one) == wanted}
        if not dismissed:
            raise web.HTTPNotFound(text="That is dismissed already.")
        self._dismissed |= dismissed
        seat.channel.platform.news.ring()
        return web.Response(status=204)


def _of(seat: Seat, kind: InteractionType) -> list[Interaction]:
    """Return what the person at a seat asked of the app there, oldest first."""
    asked = seat.world.interactions.values()
    return [one for one in asked if one.user is seat.user and one.channel is seat.channel and one.type is kind]
