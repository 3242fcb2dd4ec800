"""One command from the terminal: typed as a member, watched until it is over, and its picture kept."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from playground.discord.interactions import Interaction
from playground.discord.messages import Message
from playground.discord.options import InvalidOptionError
from playground.discord.payload import Payload
from playground.discord.people import Member
from playground.discord.places import Channel
from playground.terminal.cards import Card, card_of, typed_words
from playground.terminal.markdown import Reader
from playground.terminal.options import TypedCommand, UsageError
from playground.terminal.views import View, open_view

_TICK_SECONDS = 0.25  # so that "3 s ago" goes on


class RefusedError(Exception):
    """The channel shows a sentence instead of a picture."""


class Session:
    """A member in a channel, and the console on which both are seen."""

    def __init__(self, console: Console, channel: Channel, member: Member) -> None:
        self._console = console
        self._channel = channel
        self._member = member

    async def draw(self, registered: Payload, typed: TypedCommand) -> Path:
        """Type a registered command, show what becomes of it, and return where its picture was saved.

        Raises `RefusedError` once the channel has shown why there is none, `NotAnsweredError`, or `UsageError`.
        """
        folder = _folder(typed.out)
        try:
            interaction = await self._member.types(registered["name"], self._channel, **typed.options)
        except InvalidOptionError as invalid:
            raise UsageError(f"--{invalid.option.replace('_', '-')}: {invalid.why}") from None
        words = typed_words(interaction.data, registered)
        with open_view(self._console, self._reader, self._member.name, words) as view:
            message = await self._watch(interaction, view)
        if not message.attachments:
            raise RefusedError
        picture = message.attachments[0]
        path = folder / picture.filename
        path.write_bytes(picture.read())
        return path

    def _reader(self) -> Reader:
        world = self._channel.world
        return Reader({user.id: user.name for user in world.users.values()}, world.clock.now())

    async def _watch(self, interaction: Interaction, view: View) -> Message:
        """Show the channel until one of its messages is the last word, and return that message."""
        view.show([])
        await interaction.answered()
        while True:
            messages = self._channel.messages_for(self._member)
            view.show(messages)
            for message in messages:
                if _is_last_word(card_of(message.payload())):
                    return message
            await self._change_from(_revisions(messages))

    async def _change_from(self, seen: Sequence[tuple[int, int]]) -> None:
        """Return when the channel looks different, or when the clock on the cards has moved on."""
        with suppress(TimeoutError):
            await self._channel.world.until(
                lambda: _revisions(self._channel.messages_for(self._member)) != seen, _TICK_SECONDS
            )


def _is_last_word(card: Card) -> bool:
    return card.has_picture or card.is_refusal


def _revisions(messages: Sequence[Message]) -> list[tuple[int, int]]:
    return [(message.id, len(message.history)) for message in messages]


def _folder(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise UsageError(f"--out: {out} cannot be a folder: {cause.strerror}") from None
    return out
