"""Telling a reaction that somebody put there again from one that Discord told twice: it gives them no ids."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import discord

from bot.picture.origin import Event
from cogs.shared.emoji import emoji_key

_REMEMBERED = 1000
_Key = tuple[int, int, int | str]  # message, person, emoji_key


@dataclass(slots=True)
class _History:
    """The history of one person's emoji below one message: the latest picture, and whether it was removed since."""

    picture: UUID | None = None
    was_removed: bool = False
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class Reaction:
    """One added reaction, as this process got it."""

    key: str
    _history: _History
    _after_removal: bool

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Event]:
        """Wait for the pictures of the reactions before this one, and yield the event of this one."""
        async with self._history.turn:
            follows = self._history.picture if self._after_removal else None
            yield Event(key=self.key, is_repeatable=True, follows=follows)

    def became(self, picture: UUID | None) -> None:
        """Note which picture was made of it, if any was."""
        if picture is not None:
            self._history.picture = picture


class ReactionHistory:
    """Remembers the latest reactions and their removals, in the order in which Discord tells of them."""

    def __init__(self) -> None:
        self._seen: OrderedDict[_Key, _History] = OrderedDict()

    def added(self, event: discord.RawReactionActionEvent) -> Reaction:
        """Take note of a reaction; to be called before anything is awaited."""
        key = (event.message_id, event.user_id, emoji_key(event.emoji))
        history = self._seen.setdefault(key, _History())
        self._seen.move_to_end(key)
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        after_removal, history.was_removed = history.was_removed, False
        return Reaction(":".join(map(str, ("reaction", *key))), history, after_removal)

    def removed(self, message_id: int, user_id: int | None = None, emoji: discord.PartialEmoji | None = None) -> None:
        """Take note of a removal: of one person's, or of everybody's, and of one emoji or of all."""
        key = None if emoji is None else emoji_key(emoji)
        for (message, person, what), history in self._seen.items():
            if message == message_id and user_id in {None, person} and key in {None, what}:
                history.was_removed = True
