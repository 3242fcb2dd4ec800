"""Actions of people, for tests and front ends: `await alice.types("/imagine", channel, prompt="a red boat")`."""

from collections.abc import Mapping, Sequence

from standins.discord.client.client import ClientApp, Written
from standins.discord.client.modals import FieldValue
from standins.discord.client.options import OptionValue
from standins.discord.model.attachments import Upload
from standins.discord.model.channels import Channel
from standins.discord.model.commands import Command
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Message
from standins.discord.model.stickers import Sticker
from standins.discord.model.users import HasUser, User
from standins.discord.payload import Payload


class Person:
    """Somebody with a Discord client in front of them."""

    def __init__(self, client: ClientApp, user: User) -> None:
        self._client = client
        self.user = user

    @property
    def id(self) -> int:
        """Return the account's snowflake."""
        return self.user.id

    @property
    def name(self) -> str:
        """Return the account's name."""
        return self.user.name

    def opens_direct_messages(self) -> Channel:
        """Return the direct messages between this person and the bot."""
        return self._client.direct_messages_with(self.user)

    def sees_commands(self, kind: int, channel: Channel) -> list[Command]:
        """Return the commands of a kind that the client lists in a channel, by name."""
        return self._client.offers(self.user, kind, channel)

    async def types(self, command: str, channel: Channel, /, **options: OptionValue) -> Interaction:
        """Type a slash command such as `/imagine` or `/limits set`; raise what a client would mark red."""
        return self._client.type(self.user, command, channel, options)

    async def completes(
        self, command: str, channel: Channel, /, *, option: str, text: str, **others: OptionValue
    ) -> list[Payload]:
        """Type `text` into an option with autocomplete, and return the `{"name", "value"}` choices offered."""
        interaction = self._client.complete(self.user, command, channel, option, text, others)
        await interaction.answered()
        return interaction.choices

    async def uses(self, target: Message | HasUser, command: str, channel: Channel | None = None) -> Interaction:
        """Choose a command from the menu of a message, or of a person in `channel`."""
        if isinstance(target, Message):
            return self._client.use_on_message(self.user, target, command)
        return self._client.use_on_person(self.user, target.user, command, channel)

    async def presses(self, message: Message, button: str) -> Interaction:
        """Press the button with this label, custom id or emoji."""
        return self._client.press(self.user, message, button)

    async def selects(self, message: Message, select: str, *values: OptionValue) -> Interaction:
        """Choose values, or labels, in the select menu with this custom id or placeholder."""
        return self._client.select(self.user, message, select, list(values))

    async def submits(self, opened_by: Interaction, fields: Mapping[str, FieldValue]) -> Interaction:
        """Fill in the modal that an interaction opened, by labels or custom ids, and send it off."""
        return self._client.submit(self.user, opened_by, dict(fields))

    async def sends(
        self,
        channel: Channel,
        text: str = "",
        *,
        attachments: Sequence[Upload] = (),
        reply_to: Message | None = None,
        embeds: Sequence[Payload] = (),
        stickers: Sequence[Sticker] = (),
        pings: bool = True,
    ) -> Message:
        """Write a message; `embeds` are what Discord makes of the links in it, in its JSON.

        Without `pings`, the ping of a reply is switched off: it then does not mention whom it replies to.
        """
        written = Written(text, tuple(attachments), tuple(embeds), tuple(stickers), reply_to, pings)
        return self._client.send(self.user, channel, written)

    async def edits(self, message: Message, text: str) -> None:
        """Change the words of one's own message."""
        self._client.edit(self.user, message, text)

    async def forwards(self, message: Message, channel: Channel) -> Message:
        """Forward a message into a channel."""
        return self._client.forward(self.user, message, channel)

    async def deletes(self, message: Message) -> None:
        """Delete a message: one's own, or anybody's with Manage Messages."""
        self._client.delete(self.user, message)

    async def reacts(self, message: Message, emoji: str) -> None:
        """Put an emoji below a message."""
        self._client.react(self.user, message, emoji)

    async def unreacts(self, message: Message, emoji: str) -> None:
        """Take one's own emoji away again."""
        self._client.unreact(self.user, message, emoji)
