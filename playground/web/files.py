"""The files in a message, served from the page's own address to viewers of the message."""

from collections.abc import Iterator

from aiohttp import web

from playground.web.viewer import PREFIX, Seat, Seats, message_in
from standins.discord.model.attachments import StoredFile, declared_type
from standins.discord.model.cdn import Cdn
from standins.discord.model.messages import Message

# What a browser shows by itself. All else is saved: on this address, a stranger's file is not to run.
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}  # a file never changes behind its id


class Files:
    """Serves what messages show."""

    def __init__(self, seats: Seats) -> None:
        self._seats = seats

    def routes(self) -> list[web.RouteDef]:
        """Return what there is to fetch."""
        message = f"{PREFIX}/messages/{{message}}"
        return [
            web.get(f"{message}/files/{{file}}/{{name}}", self._file),
            web.get(f"{message}/stickers/{{name}}", self._sticker),
        ]

    async def _file(self, request: web.Request) -> web.FileResponse:
        message = message_in(self._seats.of(request), request)
        for file in files_in(message):
            if str(file.id) == request.match_info["file"] and not file.gone:
                return web.FileResponse(file.on_disk, headers=_FOR_EVER | _kind(file))
        raise web.HTTPNotFound(text="That file is gone.")

    async def _sticker(self, request: web.Request) -> web.Response:
        message = message_in(self._seats.of(request), request)
        for sticker in message.draft.stickers:
            if sticker.filename == request.match_info["name"]:
                content = message.channel.platform.cdn.sticker(sticker)
                return web.Response(body=content, content_type=declared_type(sticker.filename), headers=_FOR_EVER)
        raise web.HTTPNotFound(text="That sticker is gone.")


def address_of(file: StoredFile, message: Message, seat: Seat) -> str:
    """Return where a file of a message is served to the person at a seat."""
    return f"{seat.path}/messages/{message.id}/files/{file.id}/{file.filename}"


def files_in(message: Message) -> list[StoredFile]:
    """Return every file on Discord's CDN that a message links to: its attachments, and the files in its components."""
    cdn = message.channel.platform.cdn
    found = (file_behind(link, cdn) for link in _links(message.payload()))
    return [file for file in found if file is not None]


def file_behind(link: str, cdn: Cdn) -> StoredFile | None:
    """Return the file that a link to Discord's CDN means, expired or not: a client has the message's links renewed."""
    if not link.startswith(f"{cdn.address}/"):
        return None
    try:
        return cdn.at(link)
    except KeyError:
        return None


def _links(part: object) -> Iterator[str]:
    """Yield every `url` inside some JSON."""
    if isinstance(part, list):
        for one in part:
            yield from _links(one)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key == "url" and isinstance(value, str):
                yield value
            else:
                yield from _links(value)


def _kind(file: StoredFile) -> dict[str, str]:
    if file.content_type in PICTURES:
        return {"Content-Type": file.content_type}
    return {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}
