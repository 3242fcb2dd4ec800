"""Reactions: whose and on which picture; and telling one that was added again from one that Discord told twice."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import discord

from bot.gateway.client import ImagineBot
from bot.generation.library import PictureLibrary
from bot.picture.generation import Generation
from bot.picture.origin import Event
from cogs.shared.access import Caller, find_channel
from cogs.shared.discord_errors import translate_discord_errors
from cogs.shared.emoji import emoji_key

_REMEMBERED = 1000
_NOTED_WITHIN_SECONDS = 1.0  # a member can react before the picture's message is noted
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


async def find_reacted(
    library: PictureLibrary, reaction: discord.RawReactionActionEvent, place: int | None = None
) -> Sequence[Generation]:
    """Return the pictures in the message, also in one that was posted just now and is being noted.

    With a `place`, it's the picture of this number among those that share the message, if there is one.
    """
    found = await library.find_by_message(reaction.message_id)
    if found is None and reaction.message_author_id is not None:  # one of ours, then
        await asyncio.sleep(_NOTED_WITHIN_SECONDS)
        found = await library.find_by_message(reaction.message_id)
    if found is None or found.batch is None or found.message_id != reaction.message_id:
        return [found] if found is not None and place is None else []
    pictures = await library.batch_of(found)
    if place is None:
        return [each for each in pictures if each.message_id in {None, found.message_id}]
    return [each for each in pictures if each.message_id == found.message_id and _is_shown_as(each, place)]


def _is_shown_as(generation: Generation, place: int) -> bool:
    batch = generation.batch
    return batch is not None and batch.place == place and generation.deleted_at is None


async def caller_of(bot: ImagineBot, reaction: discord.RawReactionActionEvent, event: Event) -> Caller:
    """Return who reacted; raise `Refused` or `DeliveryUnavailable` if the channel or the person can't be found."""
    guild = await bot.guild_once_known(reaction.guild_id) if reaction.guild_id else None
    channel = await find_channel(bot, guild, reaction.channel_id)
    with translate_discord_errors():
        user = reaction.member or await bot.fetch_user(reaction.user_id)
    return Caller(user, channel, reaction.channel_id, reaction.message_id, guild, bot.settings, event)
