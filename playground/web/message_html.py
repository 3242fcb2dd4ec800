"""Messages as HTML, made again only where something looks different: a channel changes often, and most of it stays."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from playground.markdown.names import Names
from playground.web.emoji import offered_in, reaction_shown, shown
from playground.web.message_view import Look, fitted
from playground.web.reading import Reading, names_at
from playground.web.rendering import Renderer
from playground.web.viewer import Seat, Seats
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from standins.discord.model.users import User
from standins.discord.rules.command_rules import ON_MESSAGE


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The surroundings of a message in a channel: names, the reader's permissions, and the available commands."""

    names: Names
    permissions: Permission
    commands: tuple[str, ...]
    emoji: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    of: tuple[Surroundings, Hashable, Hashable, int | None]
    html: Markup


class MessageHtml:
    """Renders messages for a reader, and caches the results."""

    def __init__(self, renderer: Renderer, seats: Seats) -> None:
        self._renderer = renderer
        self._seats = seats
        self._kept: dict[str, Mapping[int, _Kept]] = {}

    def each(self, messages: Sequence[Message], seat: Seat, failed: Mapping[int, int]) -> dict[int, Markup]:
        """Return each message, by its id, as the person at a seat sees it; `failed` are presses without an answer."""
        around, reading, before = _surroundings(seat), Reading(seat, self._seats), self._kept.get(seat.path, {})
        now: dict[int, _Kept] = {}
        for message in messages:
            of = (around, _state(message), message.reference and _state(message.reference), failed.get(message.id))
            kept = before.get(message.id)
            if kept is None or kept.of != of:
                kept = _Kept(of, self._one(Look(message, seat, reading, failed.get(message.id)), around))
            now[message.id] = kept
        self._kept[seat.path] = now
        return {number: kept.html for number, kept in now.items()}

    def _one(self, look: Look, around: Surroundings) -> Markup:
        return self._renderer.html(
            "message.html",
            look=look,
            seat=look.seat,
            around=around,
            faces=self._faces(),
            emoji_shown=shown,
            reaction_shown=reaction_shown,
            fitted=fitted,
        )

    def _faces(self) -> Mapping[User, str]:
        """Return the class of each resident's face, as the page numbers them."""
        residents = self._seats.town.residents.values()
        return {resident.person.user: f"face-{number}" for number, resident in enumerate(residents, start=1)}


def _surroundings(seat: Seat) -> Surroundings:
    commands = seat.person.sees_commands(ON_MESSAGE, seat.channel)
    return Surroundings(
        names=names_at(seat),
        permissions=seat.channel.permissions_of(seat.user),
        commands=tuple(command.name for command in commands),
        emoji=offered_in(seat.channel),
    )


def _state(message: Message) -> Hashable:
    """Return what changes in a message: its edits, whether it is there, and its reactions."""
    reactions = tuple((reaction.emoji, *reaction.users) for reaction in message.reactions.values())
    return len(message.history), message.deleted_at, reactions
