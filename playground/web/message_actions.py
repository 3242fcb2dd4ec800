"""A person's actions on a message: press, choose, react, use a command, delete."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from playground.web.answers import Answers
from playground.web.fields import Form
from playground.web.menus import choices_of
from playground.web.viewer import PREFIX, Seat, Seats, message_in
from standins.discord.client.client import UnusableError
from standins.discord.client.options import InvalidOptionError
from standins.discord.components import walk
from standins.discord.model.emoji import is_emoji
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Message
from standins.discord.payload import Payload

Gesture = Callable[[Seat, Message, Form], Awaitable[Interaction | None]]


class Gestures:
    """Carries out what a browser asks for in a person's name, each at an address of its own below the message's."""

    def __init__(self, seats: Seats, answers: Answers) -> None:
        self._seats = seats
        self._answers = answers

    def routes(self) -> list[web.RouteDef]:
        """Return what there is to ask for."""
        return [
            web.post(f"{PREFIX}/messages/{{message}}/{name}", self._carrying_out(gesture))
            for name, gesture in _GESTURES.items()
        ]

    def _carrying_out(self, gesture: Gesture) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def carry_out(request: web.Request) -> web.StreamResponse:
            seat = self._seats.of(request)
            try:
                asked = await gesture(seat, message_in(seat, request), await request.post())
            except (UnusableError, InvalidOptionError) as error:
                return self._answers.refused(seat, error)
            return self._answers.sent() if asked is None else await self._answers.after(seat, asked)

        return carry_out


async def _press(seat: Seat, message: Message, form: Form) -> Interaction:
    return await seat.person.presses(message, _text(form, "custom_id"))


async def _select(seat: Seat, message: Message, form: Form) -> Interaction:
    menu = _menu(message, _text(form, "custom_id"))
    meant = {choice.value: choice.means for choice in choices_of(menu, seat.channel, seat.user)}
    chosen = [str(value) for value in form.getall("values", []) if value]
    return await seat.person.selects(message, menu["custom_id"], *(meant.get(value, value) for value in chosen))


async def _react(seat: Seat, message: Message, form: Form) -> None:
    """Put an emoji below the message, or take one's own away again."""
    emoji = _text(form, "emoji").strip()
    there = message.reactions.get(emoji)
    if there is not None and seat.user in there.users:
        await seat.person.unreacts(message, emoji)
    elif there is not None or is_emoji(emoji):
        await seat.person.reacts(message, emoji)
    else:
        raise UnusableError("Paste a single emoji, such as 🎈.")


async def _use(seat: Seat, message: Message, form: Form) -> Interaction:
    return await seat.person.uses(message, _text(form, "command"))


async def _delete(seat: Seat, message: Message, _: Form) -> None:
    await seat.person.deletes(message)


_GESTURES: Mapping[str, Gesture] = {
    "press": _press,
    "select": _select,
    "react": _react,
    "use": _use,
    "delete": _delete,
}


def _menu(message: Message, custom_id: str) -> Payload:
    for part in walk(message.components):
        if part.get("custom_id") == custom_id and "min_values" in part:
            return part
    raise UnusableError("That menu no longer exists.")


def _text(form: Form, name: str) -> str:
    return str(form.get(name, ""))
