"""Channels and threads as an option of a command."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands

PLACES = (
    *(discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.voice, discord.ChannelType.stage_voice),
    *(discord.ChannelType.forum, discord.ChannelType.media, discord.ChannelType.news_thread),
    *(discord.ChannelType.public_thread, discord.ChannelType.private_thread),
)


class PlaceOption(app_commands.Transformer):
    """The id of a place with messages, also of one that is not cached."""

    def __init__(self, kinds: Sequence[discord.ChannelType] = PLACES) -> None:
        self._kinds = kinds

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Return Discord's kind of option."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Return the channel types that can be chosen."""
        return list(self._kinds)

    async def transform(
        self, _: discord.Interaction[Any], value: app_commands.AppCommandChannel | app_commands.AppCommandThread, /
    ) -> int:
        """Return the place's id."""
        return value.id


_ONLY_POSTS = {discord.ChannelType.forum, discord.ChannelType.media}

Place = app_commands.Transform[int, PlaceOption]
MESSAGE_PLACES = tuple(kind for kind in PLACES if kind not in _ONLY_POSTS)
MessagePlace = app_commands.Transform[int, PlaceOption(MESSAGE_PLACES)]
"""A place that messages stand in, so none that only contains posts."""
