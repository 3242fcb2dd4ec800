"""How one person reads: texts as they see them, and links from message to message as they can follow them."""

import re

from markupsafe import Markup

from playground.web.markdown.reader import reader_at
from playground.web.markdown.renderer import Markdown
from playground.web.viewer import Seat, Seats

_TO_A_MESSAGE = r"https://discord\.com/channels/(?:@me|[0-9]+)/(?P<channel>[0-9]+)/(?P<message>[0-9]+)"
_ANCHOR = re.compile(rf'href="(?P<link>{_TO_A_MESSAGE})" target="_blank" rel="noopener noreferrer"')


class Reading:
    """Texts and links for the person at a seat."""

    def __init__(self, seat: Seat, seats: Seats) -> None:
        resident = seat.resident
        self._paths = {one.id: seats.path(resident, place) for place, one in seats.town.places_of(resident).items()}
        self._markdown = Markdown(reader_at(seat))

    def words(self, text: str) -> Markup:
        """Return a text in Discord's markdown; what it links to in a channel that the person sees is on the page."""
        return Markup(_ANCHOR.sub(self._anchor, self._markdown.html(text)))  # noqa: S704  (it was HTML before)

    def path_to(self, link: str) -> str | None:
        """Return where the page shows the message that a link of Discord's means; None for any other link."""
        found = re.fullmatch(_TO_A_MESSAGE, link)
        path = found and self._paths.get(int(found["channel"]))
        return f"{path}#message-{found['message']}" if found and path else None

    def _anchor(self, found: re.Match[str]) -> str:
        path = self.path_to(found["link"])
        return f'href="{path}"' if path else found[0]
