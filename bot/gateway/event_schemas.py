"""The part of Discord's events that everything behind takes for granted, checked where they come in."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator

_ID_MAX: Final = 2**63 - 1  # the databases keep ids as signed 64 bits
_ROW, _LABEL = 1, 18  # of components
_TEXTS: Final = frozenset({"custom_id", "party_id"})  # of buttons and of games: anything at all
_DIRECT = (1, 3)  # kinds of channels without a server
_IN_SERVER, _IN_MESSAGES_WITH_BOT, _AMONG_OTHERS = 0, 1, 2  # contexts of interactions
_KINDS_BY_CONTEXT: Final[Mapping[object, int]] = {_IN_SERVER: 0, _IN_MESSAGES_WITH_BOT: 1, _AMONG_OTHERS: 3}
UNNAMED: Final = ""  # the name, which no channel has, of one of which only the id is known

Text = Annotated[str, Field(min_length=1)]


class _Event(BaseModel):
    # Errors go to the log, where no token belongs.
    model_config = ConfigDict(strict=True, frozen=True, hide_input_in_errors=True)


class UserPayload(_Event):
    """A user."""

    id: Text
    username: str
    discriminator: str
    avatar: str | None


class MemberPayload(_Event):
    """A member of the server in which something happened."""

    user: UserPayload


class OptionPayload(_Event):
    """One line of a select menu."""

    label: str
    value: str


class ComponentPayload(_Event):
    """A part of a message or of a submitted form, with its own parts."""

    type: int
    custom_id: str | None = None
    label: str | None = None
    value: str | None = None
    values: list[str] = []
    options: list[OptionPayload] = []
    component: Self | None = None
    components: list[Self] = []

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if (self.type == _LABEL and self.component is None) or (self.type == _ROW and not self.components):
            raise ValueError("nothing inside")
        return self


class AttachmentPayload(_Event):
    """A file of a message, a command or a form."""

    filename: str
    url: str
    size: int
    content_type: str | None = None
    title: str | None = None


class EmbedImagePayload(_Event):
    """An image in an embed."""

    url: str | None = None
    proxy_url: str | None = None


class EmbedPayload(_Event):
    """A preview of a link, or a card of another app."""

    image: EmbedImagePayload | None = None
    thumbnail: EmbedImagePayload | None = None


class ContentPayload(_Event):
    """The files and previews of a message, or of a forwarded one."""

    attachments: list[AttachmentPayload] = []
    embeds: list[EmbedPayload] = []


class SnapshotPayload(_Event):
    """A message that another forwards."""

    message: ContentPayload


class MessagePayload(ContentPayload):
    """A message of anybody's, and the one that it replies to."""

    author: UserPayload
    content: str
    components: list[dict[str, Any]]
    mentions: list[dict[str, Any]]
    guild_id: Text | None = None
    member: dict[str, Any] | None = None
    referenced_message: Self | None = None
    message_snapshots: list[SnapshotPayload] = []

    @model_validator(mode="after")
    def _members_are_of_servers(self) -> Self:
        if self.member is not None and self.guild_id is None:
            raise ValueError("a member of no server")
        return self


class OwnMessagePayload(_Event):
    """The bot's message below which something was pressed."""

    flags: int = 0
    components: list[ComponentPayload]


class ResolvedPayload(_Event):
    """The objects of the ids in an interaction."""

    messages: dict[str, MessagePayload] = {}
    attachments: dict[str, AttachmentPayload] = {}


class ChannelPayload(_Event):
    """A channel of a kind in which people write."""

    id: Text
    type: Literal[0, 1, 2, 3, 5, 10, 11, 12, 13, 15, 16]


class InteractionDataPayload(_Event):
    """The data of a command, a press or a form; `bot.gateway.command_tree` checks the options of commands."""

    type: Annotated[int, Field(ge=1, le=3)] = 1
    custom_id: str | None = None
    values: list[str] = []
    components: list[ComponentPayload] = []
    resolved: ResolvedPayload = ResolvedPayload()


class InteractionPayload(_Event):
    """Something that a person asked of the app, with which they can be answered."""

    id: Text
    token: Text
    attachment_size_limit: PositiveInt
    data: InteractionDataPayload
    channel: ChannelPayload
    guild_id: Text | None = None
    member: MemberPayload | None = None
    user: UserPayload | None = None
    message: OwnMessagePayload | None = None

    @model_validator(mode="after")
    def _somebody_asked(self) -> Self:
        if (self.member if self.guild_id else self.user) is None:
            raise ValueError("nobody asked")
        if not self.guild_id and self.channel.type not in _DIRECT:
            raise ValueError("a channel of no server")
        return self


class EmojiPayload(_Event):
    """The emoji of a reaction: a character, or a server's own with an id."""

    id: Text | None = None
    name: str | None = None


class ReactionPayload(_Event):
    """An emoji that somebody put below a message."""

    user_id: Text
    message_id: Text
    channel_id: Text
    emoji: EmojiPayload
    guild_id: Text | None = None
    member: MemberPayload | None = None


# The events that strangers cause.
EVENT_SCHEMAS: Final[dict[str, type[BaseModel]]] = {
    "INTERACTION_CREATE": InteractionPayload,
    "MESSAGE_CREATE": MessagePayload,
    "MESSAGE_REACTION_ADD": ReactionPayload,
}


def with_channel(interaction: object) -> object:
    """Return an interaction with the `channel` that discord.py reads, even if Discord only sends its id.

    For a cached channel, the id is enough. Otherwise the channel is one of `UNNAMED`: in a server, that is a thread
    that the bot has not seen.
    """
    match interaction:
        case {"channel": dict()}:
            return interaction
        case {"channel_id": channel_id, **fields}:
            context = fields.get("context", _IN_SERVER if fields.get("guild_id") else _IN_MESSAGES_WITH_BOT)
            channel = {"id": channel_id, "type": _KINDS_BY_CONTEXT.get(context, 0), "name": UNNAMED, "position": 0}
            return {**fields, "channel_id": channel_id, "channel": channel}
        case _:
            return interaction


def is_well_formed(value: object) -> object:
    """Return a copy of JSON whose text and ids any database accepts; raise `ValueError` for an invalid id."""
    match value:
        case str():
            return value.encode(errors="replace").decode().replace("\0", "")
        case {**fields}:
            return {name: is_well_formed(_checked(str(name), each)) for name, each in fields.items()}
        case [*items]:
            return [is_well_formed(item) for item in items]
        case _:
            return value


def _checked(name: str, value: object) -> object:
    """Return the value of a field; raise `ValueError` if it is called an id and cannot be one."""
    is_id = name == "id" or (name.endswith("_id") and name not in _TEXTS)
    if is_id and value is not None and not _can_be_id(value):
        raise ValueError(f"{name} is no id")
    return value


def _can_be_id(value: object) -> bool:
    """Return True if databases accept a number as an id; discord.py rejects text where a number is needed."""
    if not isinstance(value, str | int):
        return False
    try:
        number = int(value)
    except ValueError:
        return True
    return 0 <= number <= _ID_MAX
