"""Live updates: regions of the page, sent again when their HTML changes."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from aiohttp import web
from markupsafe import Markup

from playground.web.pulse import Pulse
from playground.web.viewer import Seat

Region = Callable[[Seat], Markup]
_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}


async def stream(request: web.Request, seat: Seat, regions: Mapping[str, Region], pulse: Pulse) -> web.StreamResponse:
    """Send each region (by the id of its element) now and whenever it changed, until the browser goes away.

    All of them come first, so that a browser that was away for a while has missed nothing.
    """
    response = web.StreamResponse(headers=_HEADERS)
    await response.prepare(request)
    shown: dict[str, Markup] = {}
    with suppress(ConnectionResetError):  # the browser went away
        async for _ in pulse.follow():
            now = {name: html(seat) for name, html in regions.items()}
            for name, html in now.items():
                if shown.get(name) != html:
                    await response.write(_event(name, html))
            shown = now
    return response


def _event(name: str, html: str) -> bytes:
    """Return an event with which htmx replaces the content of the element `name`, keeping unchanged parts."""
    partial = f'<hx-partial hx-target="#{name}" hx-swap="innerMorph">{html}</hx-partial>'
    lines = partial.replace("\r\n", "\n").replace("\r", "\n").split("\n")  # what ends a line in a stream of events
    return "".join(f"data: {line}\n" for line in lines).encode() + b"\n"
