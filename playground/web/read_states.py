"""Which channels have messages that somebody has not read. As in Discord, an account has one state in all windows."""

from markupsafe import Markup

from playground.web.rendering import Renderer
from playground.web.viewer import Seat, Seats
from standins.discord.model.channels import Channel
from standins.discord.model.users import User


class ReadStates:
    """The newest message that each person has seen in each channel, and the list of channels with its marks."""

    def __init__(self, renderer: Renderer, seats: Seats) -> None:
        self._renderer = renderer
        self._seats = seats
        self._read: dict[tuple[User, Channel], int] = {}

    def html(self, seat: Seat) -> Markup:
        """Return the channels that a person sees. They are looking at one of them, which is read now."""
        self._read[seat.user, seat.channel] = _newest(seat.channel, seat.user)
        places = self._seats.town.places_of(seat.resident)
        unread = {place for place, channel in places.items() if self._is_unread(channel, seat.user)}
        return self._renderer.html("places.html", seat=seat, seats=self._seats, places=places, unread=unread)

    def _is_unread(self, channel: Channel, user: User) -> bool:
        return _newest(channel, user) > self._read.get((user, channel), 0)


def _newest(channel: Channel, user: User) -> int:
    """Return the id of the newest message that somebody sees in a channel; 0 if there is none."""
    return max((message.id for message in channel.messages_for(user)), default=0)
