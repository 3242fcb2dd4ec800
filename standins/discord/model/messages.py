"""Messages of a channel: with their history, their reactions, and their visibility."""

from copy import deepcopy
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Protocol

from standins.discord.components import texts_of, walk
from standins.discord.model.attachments import Attachment
from standins.discord.model.emoji import emoji_key, emoji_payload
from standins.discord.model.stickers import Sticker
from standins.discord.model.users import User
from standins.discord.payload import Payload, iso

if TYPE_CHECKING:
    from standins.discord.model.cdn import Cdn
    from standins.discord.model.channels import Channel


class MessageFlag(IntFlag):
    """The flags that this world acts on, with Discord's bits."""

    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    HAS_SNAPSHOT = 1 << 14
    COMPONENTS_V2 = 1 << 15


NO_FLAGS = MessageFlag(0)
FORWARD = 1  # a kind of reference
IN_SNAPSHOTS = (
    *("type", "content", "embeds", "attachments", "timestamp", "edited_timestamp", "flags", "mentions"),
    *("mention_roles", "sticker_items", "components"),
)


class MessageType(IntEnum):
    """The kinds of messages that people and bots make, with Discord's numbers."""

    DEFAULT = 0
    REPLY = 19
    CHAT_INPUT_COMMAND = 20
    CONTEXT_MENU_COMMAND = 23


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a message mentions (blue in the text) and whom it pinged (they were disturbed)."""

    users: tuple[User, ...] = ()
    role_ids: tuple[int, ...] = ()
    everyone: bool = False
    pinged_user_ids: frozenset[int] = frozenset()

    @property
    def disturbed_anybody(self) -> bool:
        """Return True if anybody was pinged."""
        return bool(self.everyone or self.role_ids or self.pinged_user_ids)


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything in a message that its author decides, checked and ready to be shown."""

    content: str = ""
    embeds: tuple[Payload, ...] = ()
    components: tuple[Payload, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    flags: MessageFlag = NO_FLAGS
    mentions: Mentions = Mentions()
    stickers: tuple[Sticker, ...] = ()

    @property
    def is_v2(self) -> bool:
        """Return True if the message consists of components only."""
        return bool(self.flags & MessageFlag.COMPONENTS_V2)


@dataclass(frozen=True, slots=True)
class Revision:
    """How a message looked from a moment on, in Unix seconds."""

    at: float
    draft: Draft
    sent: Draft | None = None  # what the app wrote, if people read it otherwise

    @property
    def as_sent(self) -> Draft:
        """Return how its author wrote the message."""
        return self.sent or self.draft

    @property
    def is_loading(self) -> bool:
        """Return True if the app was still thinking."""
        return bool(self.draft.flags & MessageFlag.LOADING)


@dataclass(eq=False, slots=True)
class Reaction:
    """One emoji below a message, and the users who added it, in order."""

    emoji: str
    users: list[User] = field(default_factory=list)

    def payload(self, bot: User) -> Payload:
        """Return Discord's JSON of the reaction, as the bot sees it."""
        return {
            "emoji": emoji_payload(self.emoji),
            "count": len(self.users),
            "count_details": {"burst": 0, "normal": len(self.users)},
            "burst_colors": [],
            "me_burst": False,
            "me": bot in self.users,
        }


class HasMetadata(Protocol):
    """The interaction that a message came from, as the message knows it."""

    def metadata(self) -> Payload:
        """Return Discord's JSON of the interaction that caused the message."""


@dataclass(eq=False)
class Message:
    """A message; `history` keeps how it looked after each edit, and the last of it is how it looks now."""

    id: int
    channel: "Channel"
    author: User
    type: MessageType
    history: list[Revision]
    nonce: str | int | None = None
    reference: "Message | None" = None
    referenced_id: int | None = None
    forwarded: "Message | None" = None
    interaction: HasMetadata | None = None
    visible_only_to: User | None = None
    reactions: dict[str, Reaction] = field(default_factory=dict)
    deleted_at: float | None = None
    webhook_id: int | None = None

    @property
    def draft(self) -> Draft:
        """Return how the message looks now."""
        return self.history[-1].draft

    @property
    def content(self) -> str:
        """Return the message's own text; that of components is in `text`."""
        return self.draft.content

    @property
    def components(self) -> tuple[Payload, ...]:
        """Return Discord's JSON of the components at the top."""
        return self.draft.components

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """Return the files."""
        return self.draft.attachments

    @property
    def mentions(self) -> Mentions:
        """Return the mentioned and the pinged users."""
        return self.draft.mentions

    @property
    def text(self) -> str:
        """Return all that a person can read: content, embeds and text displays, a line each."""
        shown = texts_of(self.components)
        embedded = [str(embed[key]) for embed in self.draft.embeds for key in ("title", "description") if key in embed]
        return "\n".join(part for part in (self.content, *embedded, *shown) if part)

    @property
    def buttons(self) -> list[Payload]:
        """Return Discord's JSON of each button, wherever it stands."""
        return [part for part in walk(self.components) if part["type"] == 2]

    @property
    def timestamp(self) -> float:
        """Return when the message was made, in Unix seconds."""
        return self.history[0].at

    @property
    def edited_timestamp(self) -> float | None:
        """Return the time of the last edit, if any. The first content of a deferred response isn't an edit."""
        looks = [revision for revision in self.history if not revision.is_loading]
        return looks[-1].at if len(looks) > 1 else None

    @property
    def is_loading(self) -> bool:
        """Return True if this is still "the app is thinking"."""
        return self.history[-1].is_loading

    @property
    def lasting(self) -> bool:
        """Return True if the message is public and still there."""
        return self.deleted_at is None and self.visible_only_to is None

    def seen_by(self, user: User) -> bool:
        """Return True if `user`, being in the channel, sees the message."""
        return self.deleted_at is None and self.visible_only_to in (None, user)

    def payload(self) -> Payload:
        """Return Discord's JSON of the message, with links that are good for a day from now."""
        cdn, draft = self.channel.platform.cdn, self.history[-1].as_sent
        body: Payload = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "type": int(self.type),
            "author": self.author.payload(),
            "content": draft.content,
            "timestamp": iso(self.timestamp),
            "edited_timestamp": iso(self.edited_timestamp) if self.edited_timestamp else None,
            "tts": False,
            "pinned": False,
            "flags": int(draft.flags),
            "mentions": [user.payload() for user in draft.mentions.users],
            "mention_roles": [str(role_id) for role_id in draft.mentions.role_ids],
            "mention_everyone": draft.mentions.everyone,
            "attachments": [attachment.payload(cdn.link(attachment.file)) for attachment in draft.attachments],
            "embeds": list(self._freshly_linked(draft.embeds, cdn)),
            "components": list(self._freshly_linked(draft.components, cdn)),
        }
        return body | self._occasional()

    def _freshly_linked(self, parts: tuple[Payload, ...], cdn: "Cdn") -> tuple[Payload, ...]:
        links = {str(attachment.id): cdn.link(attachment.file) for attachment in self.attachments}
        copied = deepcopy(parts)
        for medium in media(copied):
            if link := links.get(medium["attachment_id"]):
                medium.update(url=link, proxy_url=link)
        return copied

    def _occasional(self) -> Payload:
        body: Payload = {}
        if self.nonce is not None:
            body["nonce"] = self.nonce
        if self.draft.stickers:
            body["sticker_items"] = [sticker.payload() for sticker in self.draft.stickers]
        if self.reactions:
            body["reactions"] = [one.payload(self.channel.platform.bot) for one in self.reactions.values()]
        if self.forwarded is not None:
            body |= _forwarded_payload(self.forwarded)
        elif self.referenced_id is not None:
            body["message_reference"] = _reference_payload(self.channel, self.referenced_id)
            gone = self.reference is None or self.reference.deleted_at is not None
            body["referenced_message"] = None if gone or self.reference is None else self.reference.flat_payload()
        if self.webhook_id is not None:
            body["webhook_id"] = str(self.webhook_id)
        if self.interaction is not None:
            body["interaction_metadata"] = self.interaction.metadata()
            body["application_id"] = body["webhook_id"] = str(self.author.id)
        return body

    def flat_payload(self) -> Payload:
        """Return Discord's JSON without the message that this one answers, as inside an answer to it."""
        body = self.payload()
        body.pop("referenced_message", None)
        body.pop("reactions", None)
        return body

    def spelling_of(self, emoji: str) -> str:
        """Return how an emoji is spelt that may be below the message already, by another name or spelling."""
        same = (known for known in self.reactions if emoji_key(known) == emoji_key(emoji))
        return next(same, emoji)


def _forwarded_payload(message: Message) -> Payload:
    whole = message.payload()
    shown = {name: whole[name] for name in IN_SNAPSHOTS if name in whole}
    reference = _reference_payload(message.channel, message.id) | {"type": FORWARD}
    return {"message_reference": reference, "message_snapshots": [{"message": shown}]}


def _reference_payload(channel: "Channel", message_id: int) -> Payload:
    body: Payload = {"type": 0, "channel_id": str(channel.id), "message_id": str(message_id)}
    return body | ({"guild_id": str(channel.guild.id)} if channel.guild else {})


def media(part: object) -> list[Payload]:
    """Return every medium inside some JSON that shows an attachment of the message."""
    if isinstance(part, list | tuple):
        return [medium for one in part for medium in media(one)]
    if not isinstance(part, dict):
        return []
    return [part] if "attachment_id" in part else media(list(part.values()))
