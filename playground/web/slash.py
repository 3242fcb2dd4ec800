"""Slash commands as somebody may type them: every registered one, down to its subcommands, and the form for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from playground.web import candidates as choosable
from playground.web.fields import Asked, Choice, ChoiceField, DropField, Field, Form, NumberField, TextField
from playground.web.viewer import Seat
from standins.discord.client.options import OptionValue
from standins.discord.model.localized import shown
from standins.discord.payload import Payload
from standins.discord.rules import command_rules as kind

_WITHIN = {kind.SUBCOMMAND, kind.GROUP}


@dataclass(frozen=True, slots=True)
class Slash:
    """A command, or one of its subcommands, spelt as it is typed: `/limits everyone`."""

    spelling: str
    description: str
    options: tuple[Payload, ...]
    registered: str  # its spelling without any language

    def fields(self, seat: Seat) -> list[Field]:
        """Return the fields, required ones first; Discord allows no other order."""
        return [_field(option, seat) for option in self.options]

    def read(self, form: Form, seat: Seat) -> dict[str, OptionValue]:
        """Return the submitted values by option."""
        given = ((field.asked.name, field.read(form)) for field in self.fields(seat))
        return {name: values[0] for name, values in given if values}


def offered(seat: Seat) -> list[Slash]:
    """Return every slash command that the person may use in this place, by name."""
    commands = seat.person.sees_commands(kind.SLASH, seat.channel)
    locale = seat.user.locale
    return [
        slash
        for command in commands
        for slash in _flattened(f"/{command.shown('name', locale)}", f"/{command.name}", command.registered, locale)
    ]


def matching(typed: str, slashes: Sequence[Slash]) -> list[Slash]:
    """Return what `typed` begins to spell, then what else has all its words; spelt out, with a space after it, one."""
    text = typed.casefold()
    spelt = [slash for slash in slashes if text.startswith((f"{slash.spelling} ", f"{slash.registered} "))]
    words = text.removeprefix("/").split()
    found = spelt or [slash for slash in slashes if all(word in slash.spelling for word in words)]
    found = found or [slash for slash in slashes if all(word in slash.registered for word in words)]
    return sorted(found, key=lambda slash: not slash.spelling.startswith(text))


def _flattened(spelling: str, registered: str, part: Payload, locale: str) -> Iterator[Slash]:
    options: list[Payload] = part.get("options") or []
    within = [option for option in options if option["type"] in _WITHIN]
    if not within:
        yield Slash(spelling, shown(part, "description", locale), tuple(options), registered)
    for option in within:
        spelt = f"{spelling} {shown(option, 'name', locale)}"
        yield from _flattened(spelt, f"{registered} {option['name']}", option, locale)


def _field(option: Payload, seat: Seat) -> Field:
    locale = seat.user.locale
    hint = _hint(option, shown(option, "description", locale))
    asked = Asked(option["name"], shown(option, "name", locale), hint, bool(option.get("required")))
    completed = bool(option.get("autocomplete"))
    match option["type"]:
        case kind.ATTACHMENT:
            return DropField(asked)
        case kind.STRING if not option.get("choices"):
            return TextField(asked, completed=completed)
        case kind.INTEGER | kind.NUMBER as number if not option.get("choices"):
            least, most = option.get("min_value"), option.get("max_value")
            return NumberField(asked, number == kind.INTEGER, least, most, completed)
        case _:
            return ChoiceField(asked, tuple(_choices(option, seat)))


def _choices(option: Payload, seat: Seat) -> Iterator[Choice]:
    match option["type"]:
        case kind.BOOLEAN:
            return (Choice(str(value), str(value), value) for value in (True, False))
        case kind.USER:
            return choosable.people(seat.channel)
        case kind.ROLE:
            return choosable.roles(seat.channel)
        case kind.MENTIONABLE:
            return choosable.mentionables(seat.channel)
        case kind.CHANNEL:
            return choosable.channels(seat.channel, seat.user, option.get("channel_types") or ())
        case _:
            return (
                Choice(str(one["value"]), shown(one, "name", seat.user.locale), one["value"])
                for one in option["choices"]
            )


def _hint(option: Payload, description: str) -> str:
    """Return the bot's description of an option, and the maximum length of a text, since browsers don't show it."""
    most = option.get("max_length")
    return f"{description} · up to {most} characters" if most else description
