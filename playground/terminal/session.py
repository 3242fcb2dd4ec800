"""A member at the terminal: types a command, plays on from its picture, watches the channel, keeps each picture."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from playground.markdown.names import names_seen_by
from playground.terminal.cards import Card, Deed, card_of, typed_words
from playground.terminal.markdown import Reader
from playground.terminal.options import TypedCommand, UsageError
from playground.terminal.plays import Agree, OpenPrivately, Play, Press, React, Reply, prompt_field
from playground.terminal.views import View, open_view
from standins.discord.client.client import UnusableError
from standins.discord.client.options import InvalidOptionError, OptionValue
from standins.discord.client.person import Person
from standins.discord.components import walk
from standins.discord.model.channels import Channel
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Message
from standins.discord.model.world import World
from standins.discord.payload import Payload
from standins.discord.rules.component_rules import STRING_SELECT

_MORE = "⋯ More"  # opens the rest of a picture's buttons
_TICK_SECONDS = 0.25  # so that "3 s ago" goes on
_MOMENT_SECONDS = 0.5  # nobody plays on from a picture sooner, having yet to see it
_TIMEOUT_SECONDS = 5.0
Look = tuple[int, int]  # a message's id, and how often it has changed


class RefusedError(Exception):
    """The channel shows a sentence instead of a picture."""


class Session:
    """A member in a channel, and the console on which both are seen."""

    def __init__(self, console: Console, world: World, channel: Channel, member: Person) -> None:
        self._console = console
        self._world = world
        self._channel = channel
        self._member = member

    async def draw(self, registered: Payload, typed: TypedCommand) -> AsyncIterator[Path]:
        """Type a registered command, run the actions on its results, and yield the path of each saved picture.

        Raises `RefusedError` once the channel has shown the reason for a missing picture, `NotAnsweredError`,
        `UsageError`, or `UnusableError` if an action isn't possible on the last picture.
        """
        folder = _folder(typed.out)
        message = await self._type(registered, typed.options)
        for play in typed.then:
            if not isinstance(play, OpenPrivately):  # which leads to no other picture
                for path in _saved(message, folder):
                    yield path
            await asyncio.sleep(_MOMENT_SECONDS)
            message = await self._play(play, message)
        if not message.attachments:
            raise RefusedError
        for path in _saved(message, folder):
            yield path

    async def _type(self, registered: Payload, options: dict[str, OptionValue]) -> Message:
        before = self._looks()
        try:
            interaction = await self._member.types(registered["name"], self._channel, **options)
        except InvalidOptionError as invalid:
            raise UsageError(f"--{invalid.option.replace('_', '-')}: {invalid.why}") from None
        return await self._watch(typed_words(interaction.data, registered), before, interaction)

    async def _play(self, play: Play, message: Message) -> Message:
        match play:
            case React():
                return await self._react(play, message)
            case Reply():
                return await self._reply(play, message)
            case OpenPrivately():
                return await self._open(play, message)
            case Agree():
                return await self._press(Press(_first_button(message)), message)
            case Press():
                return await self._press(play, message)

    async def _reply(self, play: Reply, message: Message) -> Message:
        before = self._looks()
        await self._member.sends(self._channel, play.words, reply_to=message)
        return await self._watch(Deed(f"replies {play.words}"), before)

    async def _open(self, play: OpenPrivately, message: Message) -> Message:
        """Open one private message after the other, and return the picture that they are about."""
        opened = message
        for button in play.buttons:
            opened = await self._press(Press(button, place=play.place), opened)
        return message

    async def _react(self, play: React, message: Message) -> Message:
        """Add a reaction below a picture, which gets no response but a message."""
        before, world = self._looks(), self._world
        try:
            await world.until(lambda: message.reactions, _TIMEOUT_SECONDS)
            emoji = play.emoji or next(iter(message.reactions))
            await self._member.reacts(message, emoji)
            await world.until(lambda: self._looks() != before, _TIMEOUT_SECONDS)
        except TimeoutError:
            raise UnusableError("The bot doesn't respond to reactions here.") from None
        return await self._watch(Deed(f"reacts {emoji}"), before)

    async def _press(self, play: Press, message: Message) -> Message:
        message = await self._with_button(play, message)
        before = self._looks()
        interaction = await self._member.presses(message, play.button)
        deed = Deed(f"presses {play.button}")
        await interaction.answered()
        if play.prompt is None or interaction.modal is None:
            return await self._watch(deed, before, interaction)
        field = prompt_field(interaction.modal)
        try:
            submitted = await self._member.submits(interaction, {field.custom_id: play.prompt})
        except InvalidOptionError as invalid:
            raise UsageError(f"--then, {invalid}") from None
        return await self._watch(Deed(deed.what, ((field.label, play.prompt),)), before, submitted)

    async def _with_button(self, play: Press, message: Message) -> Message:
        """Return the message that has a button: this one, or the private one that it leads to."""
        names, menu = _names(message), _menu(message)
        if play.button in names or (_MORE not in names and menu is None):
            return message
        opened = await self._opened(message, menu, play.place)
        return opened if opened is not None and play.button in _names(opened) else message

    async def _opened(self, message: Message, menu: Payload | None, place: int) -> Message | None:
        """Return the private message with the other buttons of a picture, or of one of those that share a card."""
        if menu is None:
            opened = await self._member.presses(message, _MORE)
        else:
            if place > len(menu["options"]):
                raise UnusableError(f"There is no picture {place}, only {len(menu['options'])}.")
            opened = await self._member.selects(message, menu["custom_id"], menu["options"][place - 1]["value"])
        await opened.answered()
        return opened.original

    async def _watch(self, deed: Deed, before: Sequence[Look], interaction: Interaction | None = None) -> Message:
        """Show what changed in the channel since `before` until one message is the last word; return that message."""
        with open_view(self._console, self._reader, self._member.user.name, deed) as view:
            view.show([])
            if interaction is not None:
                await interaction.answered()
            return await self._last_word(view, before)

    async def _last_word(self, view: View, before: Sequence[Look]) -> Message:
        while True:
            messages = [
                message
                for message in self._messages()
                if _look(message) not in before and message.author is not self._member.user
            ]
            view.show(messages)
            for message in messages:
                if _is_last_word(card_of(message.payload())):
                    return message
            await self._change_from(self._looks())

    async def _change_from(self, seen: Sequence[Look]) -> None:
        """Return when the channel looks different, or when the clock on the cards has moved on."""
        with suppress(TimeoutError):
            await self._world.until(lambda: self._looks() != seen, _TICK_SECONDS)

    def _messages(self) -> Sequence[Message]:
        return self._channel.messages_for(self._member)

    def _looks(self) -> Sequence[Look]:
        return [_look(message) for message in self._messages()]

    def _reader(self) -> Reader:
        world = self._world
        return Reader(names_seen_by(self._member.user, self._channel, world), world.clock.now())


def _is_last_word(card: Card) -> bool:
    return card.is_complete or card.is_refusal


def _first_button(message: Message) -> str:
    labels = [str(button["label"]) for button in message.buttons if button.get("label")]
    if not labels:
        raise UnusableError("There is no question to agree to.")
    return labels[0]


def _names(message: Message) -> set[str]:
    """Return the labels and emoji of a message's buttons."""
    shown = [(button.get("label"), button.get("emoji", {}).get("name")) for button in message.buttons]
    return {name for names in shown for name in names if name}


def _menu(message: Message) -> Payload | None:
    """Return the menu of the pictures that share a card, or None if it has one picture."""
    return next((part for part in walk(message.components) if part["type"] == STRING_SELECT), None)


def _look(message: Message) -> Look:
    return message.id, len(message.history)


def _saved(message: Message, folder: Path) -> list[Path]:
    """Write the pictures of a message into files, and return those."""
    paths = []
    for picture in message.attachments:
        paths.append(folder / picture.filename)
        paths[-1].write_bytes(picture.read())
    return paths


def _folder(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise UsageError(f"--out: {out} can't be used as a folder: {cause.strerror}") from None
    return out
