"""How one person reads: texts as they see them, and links from message to message as they can follow them."""

import re

from markupsafe import Markup

from playground.markdown.names import Names, names_seen_by
from playground.web.markdown import Markdown
from playground.web.viewer import Seat, Seats

_TO_A_MESSAGE = r"https://discord\.com/channels/(?:@me|[0-9]+)/(?P<channel>[0-9]+)/(?P<message>[0-9]+)"


class Reading:
    """Texts and links for the person at a seat."""

    def __init__(self, seat: Seat, seats: Seats) -> None:
        resident = seat.resident
        self._paths = {one.id: seats.path(resident, place) for place, one in seats.town.places_of(resident).items()}
        self._markdown = Markdown(names_at(seat), self.path_to)

    def words(self, text: str) -> Markup:
        """Return a text in Discord's markdown; what it links to in a channel that the person sees is on the page."""
        return self._markdown.html(text)

    def first_line(self, text: str) -> str:
        """Return the first line of a text without markup, and with its spoilers covered."""
        return self._markdown.first_line(text)

    def path_to(self, link: str) -> str | None:
        """Return where the page shows the message that a link of Discord's means; None for any other link."""
        found = re.fullmatch(_TO_A_MESSAGE, link)
        path = found and self._paths.get(int(found["channel"]))
        return f"{path}#message-{found['message']}" if found and path else None


def names_at(seat: Seat) -> Names:
    """Return the names that the person at a seat knows."""
    return names_seen_by(seat.user, seat.channel, seat.world)
