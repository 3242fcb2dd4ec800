"""Actions of people, for tests and front ends: `await alice.types("/imagine", channel, prompt="a red boat")`."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standins.discord.model.attachments import Upload

if TYPE_CHECKING:
    from standins.discord.client.client import ClientApp
    from standins.discord.client.options import OptionValue
    from standins.discord.model.guilds import Channel
    from standins.discord.model.interactions import Interaction
    from standins.discord.model.messages import Message
    from standins.discord.model.stickers import Sticker
    from standins.discord.model.users import User
    from standins.discord.payload import Payload
    from standins.discord.rules.modal_rules import FieldValue


class UnusableError(Exception):
    """Something that this person's Discord client does not let them do here."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message as somebody has it in front of them before they send it."""

    text: str
    uploads: tuple[Upload, ...]
    embeds: "tuple[Payload, ...]"
    stickers: "tuple[Sticker, ...]"
    reply_to: "Message | None"

    @property
    def is_empty(self) -> bool:
        """Return True if there is nothing to send."""
        return not (self.text or self.uploads or self.stickers)


class Person(ABC):
    """Somebody with a Discord client in front of them."""

    @property
    @abstractmethod
    def user(self) -> "User":
        """Return the account behind this person."""

    def opens_direct_messages(self) -> "Channel":
        """Return the direct messages between this person and the bot."""
        return self.user.world.direct_messages_with(self.user)

    @property
    def _client(self) -> "ClientApp":
        return self.user.world.client_app

    async def types(self, command: str, channel: "Channel", /, **options: "OptionValue") -> "Interaction":
        """Type a slash command such as `/imagine` or `/limits set`; raise what a client would mark red."""
        return self._client.type(self.user, command, channel, options)

    async def completes(
        self, command: str, channel: "Channel", /, *, option: str, text: str, **others: "OptionValue"
    ) -> "list[Payload]":
        """Type `text` into an option with autocomplete, and return the `{"name", "value"}` choices offered."""
        interaction = self._client.complete(self.user, command, channel, option, text, others)
        await interaction.answered()
        return interaction.choices

    async def uses(self, target: "Message | Person", command: str, channel: "Channel | None" = None) -> "Interaction":
        """Choose a command from the menu of a message, or of a person in `channel`."""
        if isinstance(target, Person):
            return self._client.use_on_person(self.user, target.user, command, channel)
        return self._client.use_on_message(self.user, target, command)

    async def presses(self, message: "Message", button: str) -> "Interaction":
        """Press the button with this label, custom id or emoji."""
        return self._client.press(self.user, message, button)

    async def selects(self, message: "Message", select: str, *values: "str | OptionValue") -> "Interaction":
        """Choose values, or labels, in the select menu with this custom id or placeholder."""
        return self._client.select(self.user, message, select, list(values))

    async def submits(self, opened_by: "Interaction", fields: "Mapping[str, FieldValue]") -> "Interaction":
        """Fill in the modal that an interaction opened, by labels or custom ids, and send it off."""
        return self._client.submit(self.user, opened_by, dict(fields))

    async def sends(
        self,
        channel: "Channel",
        text: str = "",
        *,
        attachments: Sequence[Upload] = (),
        reply_to: "Message | None" = None,
        embeds: "Sequence[Payload]" = (),
        stickers: "Sequence[Sticker]" = (),
    ) -> "Message":
        """Write a message; `embeds` are what Discord makes of the links in it, in its JSON."""
        written = Written(text, tuple(attachments), tuple(embeds), tuple(stickers), reply_to)
        return self._client.send(self.user, channel, written)

    async def forwards(self, message: "Message", channel: "Channel") -> "Message":
        """Forward a message into a channel."""
        return self._client.forward(self.user, message, channel)

    async def deletes(self, message: "Message") -> None:
        """Delete a message: one's own, or anybody's with Manage Messages."""
        self._client.delete(self.user, message)

    async def reacts(self, message: "Message", emoji: str) -> None:
        """Put an emoji below a message."""
        self._client.react(self.user, message, emoji)

    async def unreacts(self, message: "Message", emoji: str) -> None:
        """Take one's own emoji away again."""
        self.user.world.unreact(message, self.user, emoji)
