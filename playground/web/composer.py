"""The composer: messages, commands with a form for their options, and suggestions while typing."""

import re
from collections.abc import Sequence

from aiohttp import web
from markupsafe import Markup

from playground.web.answers import Answers
from playground.web.candidates import people_in
from playground.web.fields import Form, uploads
from playground.web.rendering import Renderer
from playground.web.slash import Slash, matching, offered
from playground.web.viewer import PREFIX, Seat, Seats
from standins.discord.client.client import UnusableError
from standins.discord.client.options import InvalidOptionError
from standins.discord.model.interactions import NotAnsweredError
from standins.discord.model.messages import Message


class Composer:
    """The box below the messages of a channel."""

    def __init__(self, renderer: Renderer, seats: Seats, answers: Answers) -> None:
        self._renderer = renderer
        self._seats = seats
        self._answers = answers

    def html(self, seat: Seat) -> Markup:
        """Return the empty box."""
        return self._renderer.html("composer.html", seat=seat)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses for sending and for suggestions."""
        return [
            web.post(f"{PREFIX}/message", self._send),
            web.get(f"{PREFIX}/suggestions", self._suggest),
            web.get(f"{PREFIX}/command", self._open),
            web.post(f"{PREFIX}/command", self._type),
            web.post(f"{PREFIX}/completions", self._complete),
        ]

    async def _send(self, request: web.Request) -> web.Response:
        seat, form = self._seats.of(request), await request.post()
        text, files = mentioning(_text(form, "text"), seat), uploads(form, "files")
        try:
            answered = _answered(seat, _text(form, "reply_to"))
            pings = not _text(form, "no_ping")
            await seat.person.sends(seat.channel, text, attachments=files, reply_to=answered, pings=pings)
        except UnusableError as error:
            return self._answers.refused(seat, error)
        return self._answers.sent()

    async def _suggest(self, request: web.Request) -> web.Response:
        """List the commands, or the people, that `text` begins to name."""
        seat, text = self._seats.of(request), request.query["text"]
        if text.startswith("/"):
            return self._fragment("commands.html", commands=matching(text, offered(seat)), typed=text)
        begun = text.removeprefix("@").casefold()
        called = [f"@{person.name}" for person in people_in(seat.channel) if person.name.casefold().startswith(begun)]
        return self._fragment("choices.html", choices=[{"name": name, "value": name} for name in called], failure="")

    async def _open(self, request: web.Request) -> web.Response:
        """Return the form of a command."""
        seat = self._seats.of(request)
        try:
            slash = _offered(seat, request)
        except UnusableError as error:
            return self._answers.refused(seat, error)
        return self._fragment("command.html", slash=slash, fields=slash.fields(seat), seat=seat)

    async def _type(self, request: web.Request) -> web.Response:
        """Send a command off."""
        seat = self._seats.of(request)
        try:
            slash = _offered(seat, request)
            options = slash.read(await request.post(), seat)
            interaction = await seat.person.types(slash.spelling, seat.channel, **options)
        except InvalidOptionError as error:
            return self._answers.marked(error.option, error)
        except UnusableError as error:
            return self._answers.refused(seat, error)
        return await self._answers.after(seat, interaction)

    async def _complete(self, request: web.Request) -> web.Response:
        """Ask the bot to complete the option that is being typed; what it knows of the others is their values."""
        seat = self._seats.of(request)
        option, text = request.query["option"], request.query["text"]
        try:
            slash = _offered(seat, request)
            others = slash.read(await request.post(), seat)
            others.pop(option, None)
            choices = await seat.person.completes(slash.spelling, seat.channel, option=option, text=text, **others)
        except (InvalidOptionError, UnusableError, NotAnsweredError) as error:
            return self._fragment("choices.html", choices=(), failure=str(error))
        return self._fragment("choices.html", choices=choices, failure="")

    def _fragment(self, template: str, **values: object) -> web.Response:
        return web.Response(text=self._renderer.html(template, **values), content_type="text/html")


def mentioning(text: str, seat: Seat) -> str:
    """Spell a text as it is sent: `@name`, of anybody here, is a mention."""
    ids = {person.name.casefold(): person.user.id for person in people_in(seat.channel)}
    names = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
    return re.sub(rf"(?<!\w)@({names})\b", lambda found: f"<@{ids[found[1].casefold()]}>", text, flags=re.IGNORECASE)


def _text(form: Form, name: str) -> str:
    return str(form.get(name, "")).replace("\r\n", "\n")


def _answered(seat: Seat, wanted: str) -> Message | None:
    """Return the message with this id, None for no id; UnusableError if it is not there any more."""
    if not wanted:
        return None
    for message in seat.channel.messages_for(seat.user):
        if str(message.id) == wanted:
            return message
    raise UnusableError("The message that you're replying to was deleted.")


def _offered(seat: Seat, request: web.Request) -> Slash:
    wanted = request.query["spelling"]
    for slash in offered(seat):
        if slash.spelling == wanted:
            return slash
    raise UnusableError(f"The bot no longer has {wanted} here.")
