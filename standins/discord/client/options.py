"""A Discord client's checks of a typed command: each option is validated before it's sent to the app."""

from dataclasses import dataclass, field

from standins.discord.model.attachments import MEGABYTE, Upload, attachment_of, title_of
from standins.discord.model.channel_types import ChannelType
from standins.discord.model.channels import Channel
from standins.discord.model.commands import Command
from standins.discord.model.localized import is_called
from standins.discord.model.platform import Platform
from standins.discord.model.roles import Role
from standins.discord.model.users import HasUser, User
from standins.discord.payload import Payload
from standins.discord.reading import read_payload
from standins.discord.rules import command_rules as kind

OptionValue = str | int | float | bool | HasUser | Channel | Role | Upload
WHOLE_NUMBERS = 2**53
NUMBERS = {kind.INTEGER: (int,), kind.NUMBER: (int, float)}


class InvalidOptionError(Exception):
    """An option that a Discord client marks red and does not send."""

    def __init__(self, option: str, why: str) -> None:
        super().__init__(f"{option}: {why}")
        self.option = option
        self.why = why


@dataclass(slots=True)
class Typed:
    """A command that is ready to be sent: its nested options and the objects behind their ids."""

    options: list[Payload] = field(default_factory=list)
    resolved: dict[str, Payload] = field(default_factory=dict)


class OptionCheck:
    """Checks the options that a person typed in a channel, and spells them as Discord sends them."""

    def __init__(self, channel: Channel, locale: str, *, upload_limit: int) -> None:
        self._channel = channel
        self._locale = locale
        self._upload_limit = upload_limit
        self._resolved: dict[str, Payload] = {}

    def typed(self, command: Command, path: list[str], values: dict[str, OptionValue]) -> Typed:
        """Return the options of a command, or of the subcommand at `path`; InvalidOptionError names the first bad."""
        declared, wrap = self._descend(command.registered, path)
        chosen = {name: self._named(declared, name) for name in values}
        for option in declared:
            if option.get("required") and option not in chosen.values():
                raise InvalidOptionError(option["name"], "this option is required")
        spelt = [self._spelt(chosen[name], value) for name, value in values.items()]
        return Typed(_wrapped(spelt, wrap), self._resolved)

    def completing(
        self, command: Command, path: list[str], option: str, text: str, values: dict[str, OptionValue]
    ) -> list[Payload]:
        """Return the options while `option` is being typed: nothing else is required yet, and it has the focus."""
        declared, wrap = self._descend(command.registered, path)
        completed = self._named(declared, option)
        if not completed.get("autocomplete"):
            raise InvalidOptionError(option, "this option has no autocomplete")
        spelt = [self._spelt(self._named(declared, name), value) for name, value in values.items()]
        focused = {"name": completed["name"], "type": completed["type"], "value": text, "focused": True}
        return _wrapped([*spelt, focused], wrap)

    def _named(self, declared: list[Payload], name: str) -> Payload:
        """Return the option that somebody means by a name."""
        found = next((option for option in declared if is_called(option, name, self._locale)), None)
        if found is None:
            known = ", ".join(option["name"] for option in declared)
            raise InvalidOptionError(name, f"the command has no such option, only {known or 'none'}")
        return found

    def _descend(self, registered: Payload, path: list[str]) -> tuple[list[Payload], list[Payload]]:
        """Return the options of the subcommand at `path`, and what its options are sent in."""
        options, wrap = registered.get("options", []), []
        for step in path:
            nested = (one for one in options if one["type"] in (kind.SUBCOMMAND, kind.GROUP))
            found = next((one for one in nested if is_called(one, step, self._locale)), None)
            if found is None:
                raise InvalidOptionError(step, "there is no such subcommand")
            wrap.append({"name": found["name"], "type": found["type"]})
            options = found.get("options", [])
        if any(one["type"] in (kind.SUBCOMMAND, kind.GROUP) for one in options):
            raise InvalidOptionError(registered["name"], "a subcommand has to be chosen")
        return options, wrap

    def _spelt(self, option: Payload, value: OptionValue) -> Payload:
        return {"name": option["name"], "type": option["type"], "value": self._checked(option, value)}

    def _checked(self, declared: Payload, value: OptionValue) -> str | int | float | bool:
        reads = self._channel.platform.reads
        choices = [read_payload(each, reads) for each in declared.get("choices", [])]
        option = declared | ({"choices": choices} if choices else {})
        match option["type"]:
            case kind.STRING:
                return _string(option, value, self._locale)
            case kind.INTEGER | kind.NUMBER:
                return _number(option, value, self._locale)
            case kind.BOOLEAN if isinstance(value, bool):
                return value
            case kind.ATTACHMENT if isinstance(value, Upload):
                return self._attachment(option, value)
            case _:
                return self._referred(option, value)

    def _attachment(self, option: Payload, upload: Upload) -> str:
        if len(upload.content) > self._upload_limit:
            raise InvalidOptionError(option["name"], f"the file is over {self._upload_limit // MEGABYTE} MB")
        return attach(self._channel.platform, upload, self._resolved)

    def _referred(self, option: Payload, value: OptionValue) -> str:
        match option["type"], value:
            case (kind.USER | kind.MENTIONABLE, HasUser()):
                return resolve_user(value.user, self._channel, self._resolved)
            case (kind.ROLE | kind.MENTIONABLE, Role()):
                self._resolved.setdefault("roles", {})[str(value.id)] = value.payload()
            case (kind.CHANNEL, Channel()):
                if value.type not in option.get("channel_types", ChannelType):
                    raise InvalidOptionError(option["name"], f"#{value.name} is of a kind that is not offered")
                return resolve_channel(value, self._resolved)
            case _:
                raise InvalidOptionError(option["name"], f"{value!r} is not of option type {option['type']}")
        return str(value.id)


def attach(platform: Platform, upload: Upload, resolved: dict[str, Payload]) -> str:
    """Put a person's file on the CDN as an ephemeral attachment, list it in `resolved`, and return its id."""
    file = platform.cdn.keep_upload(upload, platform.application_id, ephemeral=True)
    attachment = attachment_of(file, upload.description, ephemeral=True, title=title_of(upload.filename))
    resolved.setdefault("attachments", {})[str(file.id)] = attachment.payload(platform.cdn.link(file))
    return str(file.id)


def resolve_user(user: User, channel: Channel, resolved: dict[str, Payload]) -> str:
    """List a user, and as a member if they are one, in `resolved`, and return their id."""
    resolved.setdefault("users", {})[str(user.id)] = user.payload()
    if channel.guild and (member := channel.guild.members.get(user.id)):
        permissions = {"permissions": str(int(channel.permissions_of(user)))}
        resolved.setdefault("members", {})[str(user.id)] = member.payload(with_user=False) | permissions
    return str(user.id)


def resolve_channel(channel: Channel, resolved: dict[str, Payload]) -> str:
    """Add a channel to `resolved`, with the bot's permissions there, and return its id."""
    permissions = {"permissions": str(int(channel.permissions_of(channel.platform.bot)))}
    resolved.setdefault("channels", {})[str(channel.id)] = channel.payload() | permissions
    return str(channel.id)


def _wrapped(options: list[Payload], wrap: list[Payload]) -> list[Payload]:
    for layer in reversed(wrap):
        options = [layer | {"options": options}]
    return options


def _string(option: Payload, value: OptionValue, locale: str) -> str:
    if not isinstance(value, str):
        raise InvalidOptionError(option["name"], f"{value!r} is not text")
    least, most = max(1, option.get("min_length", 0)), option.get("max_length", 6000)
    if not least <= len(value) <= most:
        raise InvalidOptionError(option["name"], f"the text must have {least} to {most} characters, not {len(value)}")
    return str(_chosen(option, value, locale))


def _number(option: Payload, value: OptionValue, locale: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, NUMBERS[option["type"]]):
        if not isinstance(value, str) or not option.get("choices"):
            raise InvalidOptionError(option["name"], f"{value!r} is not a number of the right kind")
    else:
        least, most = option.get("min_value", -WHOLE_NUMBERS), option.get("max_value", WHOLE_NUMBERS)
        if not least <= value <= most:
            raise InvalidOptionError(option["name"], f"the number must be from {least} to {most}, not {value}")
    return float(chosen) if isinstance(chosen := _chosen(option, value, locale), str) else chosen


def _chosen(option: Payload, value: str | float, locale: str) -> str | int | float:
    choices: list[Payload] = option.get("choices") or []
    if not choices:
        return value
    for choice in choices:
        if value == choice["value"] or is_called(choice, value, locale):
            found: str | int | float = choice["value"]
            return found
    raise InvalidOptionError(option["name"], f"{value!r} is none of {[choice['name'] for choice in choices]}")
