"""Messages that are known by their files, whose names carry the mark of a picture."""

from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import discord

from bot.generation.discord_port import Posted

_MARK_CHARACTERS: Final = 12
_SEARCHED_MESSAGES: Final = 1000
CLOCKS_DIFFER_BY: Final = timedelta(minutes=1)  # at most: ours from the one by which Discord numbers messages


def file_marker(generation_id: UUID) -> str:
    """Return what tells a picture's files from all others, in their names."""
    return generation_id.hex[:_MARK_CHARACTERS]


def place_of(message: discord.Message) -> Posted:
    """Return where a message stands."""
    return Posted(message.channel.id, message.id)


def is_own(message: discord.Message, bot: discord.Client) -> bool:
    """Return True for a message of the bot: anybody can call a file or a button like one of its own."""
    return message.author == bot.user


async def first_with(
    marks: AbstractSet[str], messages: AsyncIterator[discord.Message], bot: discord.Client
) -> Posted | None:
    """Return the first of some messages of the bot that has a file with one of these marks in its name, or None."""
    async for message in messages:
        if is_own(message, bot) and any(has_file(message, mark) for mark in marks):
            return place_of(message)
    return None


async def find_with_file(
    channel: discord.abc.Messageable, marks: AbstractSet[str], since: datetime, bot: discord.Client
) -> Posted | None:
    """Return the bot's first message since a moment that has a file with one of these marks in its name, or None."""
    return await first_with(marks, channel.history(limit=_SEARCHED_MESSAGES, after=since - CLOCKS_DIFFER_BY), bot)


def has_file(message: discord.Message, mark: str) -> bool:
    """Return True if a message has a file with a mark in its name."""
    return any(mark in attachment.filename for attachment in message.attachments)
