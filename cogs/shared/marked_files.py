"""Messages that are known by their files, whose names carry the mark of a picture."""

from collections.abc import AsyncIterator, Collection

import discord

from bot.generation.discord_port import Posted


def place_of(message: discord.Message) -> Posted:
    """Return where a message stands."""
    return Posted(message.channel.id, message.id)


async def first_with(marks: Collection[str], messages: AsyncIterator[discord.Message]) -> Posted | None:
    """Return the first of some messages that has a file with one of these marks in its name, or None."""
    async for message in messages:
        if any(has_file(message, mark) for mark in marks):
            return place_of(message)
    return None


def has_file(message: discord.Message, mark: str) -> bool:
    """Return True if a message has a file with a mark in its name."""
    return any(mark in attachment.filename for attachment in message.attachments)
