"""Emoji in every spelling that operators and Discord have for them."""

import discord

_SELECTORS = str.maketrans("", "", "\ufe0e\ufe0f")  # say whether an emoji is shown in colour; the emoji is the same


def emoji_of(wire_format: str) -> discord.PartialEmoji:
    """Return the emoji of a setting: a character, or a server's own such as `<:die:1234567890123456789>`."""
    return discord.PartialEmoji.from_str(wire_format)


def emoji_key(emoji: discord.PartialEmoji | str) -> int | str:
    """Return what tells emoji apart: the id of a server's own, else the character without its variation selectors.

    A custom emoji can be renamed, and its name and its animation depend on the notation.
    """
    emoji = emoji_of(emoji) if isinstance(emoji, str) else emoji
    return emoji.id or emoji.name.translate(_SELECTORS)
