"""A reply to a message, as a request to edit the picture in it."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import discord

from bot.i18n.typed import half_width
from bot.picture.invisible import has_something_to_see
from cogs.pictures.message_words import spoken

_EDIT: Final = re.compile(r"edit\s*(?P<place>[1-4]\b)?\s*:\s*", re.IGNORECASE)
_PLACE: Final = re.compile(r"(?P<place>[1-4])\s*:\s*")
_UNDO: Final = re.compile(r"undo[\s.!。]*", re.IGNORECASE)


class ReplyKind(Enum):
    """How a reply turns to the bot."""

    NAMED = auto()  # its text names the bot
    EDIT = auto()  # its text starts with `edit:`
    PINGED = auto()  # it pings the bot, as replies do by default


@dataclass(frozen=True, slots=True)
class PictureReply:
    """A reply to a message that may show one of the bot's pictures, and its words without the bot's name."""

    message: discord.Message
    picture_message_id: int
    words: str
    kind: ReplyKind
    place: int | None = None  # of a picture among several on the card

    @property
    def is_undo(self) -> bool:
        """Return True if the whole reply asks for the picture before."""
        return _UNDO.fullmatch(half_width(self.words)) is not None

    @property
    def words_after_place(self) -> tuple[int | None, str]:
        """Return which of several pictures on a card the reply is about, if it says so, and its other words."""
        found = None if self.place is not None else _PLACE.match(half_width(self.words))
        return (self.place, self.words) if found is None else (int(found["place"]), self.words[found.end() :])

    @property
    def replied_to(self) -> discord.Message | None:
        """Return the message that is replied to, or None if it was deleted or Discord doesn't show it."""
        resolved = self.message.reference.resolved if self.message.reference else None
        return resolved if isinstance(resolved, discord.Message) else None

    @property
    def answers_deleted(self) -> bool:
        """Return True if the message that is replied to was deleted."""
        reference = self.message.reference
        return reference is not None and isinstance(reference.resolved, discord.DeletedReferencedMessage)


def picture_reply(message: discord.Message, me: discord.ClientUser, *, names_bot: bool) -> PictureReply | None:
    """Return a reply to a message of the bot's that turns to the bot; None for any other message.

    Discord shows the text only where the reply pings or names the bot, and in direct messages.
    """
    reference = message.reference
    if reference is None or reference.message_id is None or reference.type is discord.MessageReferenceType.forward:
        return None
    if isinstance(reference.resolved, discord.Message) and reference.resolved.author.id != me.id:
        return None
    if names_bot and not message.content:
        return None  # only the bot's role was named, and Discord shows no words
    words = spoken(message, me)
    if found := _EDIT.match(half_width(words)):
        words = words[found.end() :]
        words = words if has_something_to_see(words) else ""
        place = None if found["place"] is None else int(found["place"])
        return PictureReply(message, reference.message_id, words, ReplyKind.EDIT, place)
    if names_bot:
        return PictureReply(message, reference.message_id, words, ReplyKind.NAMED)
    if any(person.id == me.id for person in message.mentions):
        return PictureReply(message, reference.message_id, words, ReplyKind.PINGED)
    return None
