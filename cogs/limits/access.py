"""Channels, blocks and words: the part of `/limits` that doesn't count anything."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from bot.errors import InvalidRequest, NotServing
from bot.limits.rulebook import ChannelMode, Rulebook
from bot.limits.word_filter import find_blocked_word
from cogs.limits.changes import ModeratorsGroup, change_rules, say
from cogs.limits.views import WORD_MAX, words_list
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer
from cogs.shared.command_permissions import missing_to_post
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.ui.text import one_line, plain

_PLACES = (
    *(discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.voice, discord.ChannelType.stage_voice),
    *(discord.ChannelType.forum, discord.ChannelType.media, discord.ChannelType.news_thread),
    *(discord.ChannelType.public_thread, discord.ChannelType.private_thread),
)
_LOG_PLACES = tuple(
    each for each in _PLACES if each not in {discord.ChannelType.forum, discord.ChannelType.media}
)  # in those, messages are only in threads


class PlaceOption(app_commands.Transformer):
    """The id of a place with messages, also of one that is not cached."""

    def __init__(self, kinds: Sequence[discord.ChannelType] = _PLACES) -> None:
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


Place = app_commands.Transform[int, PlaceOption]
LogPlace = app_commands.Transform[int, PlaceOption(_LOG_PLACES)]
Word = Range[str, 1, WORD_MAX]
_CHOICES_MAX = 25  # Discord's bound


class ChannelsGroup(ModeratorsGroup):
    """The list of channels in which the bot draws, or does not; threads follow their parents."""

    @app_commands.command()
    @app_commands.describe(channel="A channel in which I may draw")
    async def allow(self, interaction: ImagineInteraction, channel: Place) -> None:
        """Let me draw only in the channels of this list; one that was a list of closed channels begins anew."""
        await change_rules(self._moderation, interaction, lambda rules: _listing(rules, ChannelMode.ALLOW, channel))

    @app_commands.command()
    @app_commands.describe(channel="A channel in which I may not draw")
    async def deny(self, interaction: ImagineInteraction, channel: Place) -> None:
        """Let me draw everywhere but in the channels of this list; one that was a list of open ones begins anew."""
        await change_rules(self._moderation, interaction, lambda rules: _listing(rules, ChannelMode.DENY, channel))

    @app_commands.command()
    @app_commands.describe(channel="A channel that is on the list")
    async def remove(self, interaction: ImagineInteraction, channel: Place) -> None:
        """Take a channel off the list; without the last one, I draw everywhere."""
        await change_rules(
            self._moderation,
            interaction,
            lambda rules: rules.with_channels(rules.channel_mode, rules.channels - {channel}),
        )

    @app_commands.command()
    async def clear(self, interaction: ImagineInteraction) -> None:
        """Let me draw everywhere."""
        await change_rules(self._moderation, interaction, lambda rules: rules.with_channels(None, ()))


class WordsGroup(ModeratorsGroup):
    """The words that no prompt may have."""

    async def _rules_of(self, interaction: ImagineInteraction) -> Rulebook:
        return await self._moderation.rulebook(origin_of(interaction).server_key)

    @app_commands.command()
    @app_commands.describe(word="A word or a phrase; tricks with case, accents and look-alike letters are seen through")
    async def add(self, interaction: ImagineInteraction, word: Word) -> None:
        """Block a word in prompts."""
        kept = one_line(word).casefold()
        if find_blocked_word(kept, [kept]) is None:
            raise InvalidRequest("A blocked word needs at least one letter or digit.")
        await change_rules(self._moderation, interaction, lambda rules: rules.with_words(rules.words | {kept}))

    @app_commands.command()
    @app_commands.describe(word="A word that is on the list")
    async def remove(self, interaction: ImagineInteraction, word: Word) -> None:
        """Allow a word again."""
        kept = one_line(word).casefold()
        await change_rules(self._moderation, interaction, lambda rules: rules.with_words(rules.words - {kept}))

    @remove.autocomplete("word")
    async def _complete_word(self, interaction: ImagineInteraction, typed: str) -> list[Choice[str]]:
        if not interaction.permissions.manage_guild:
            return []
        words = sorted(word for word in (await self._rules_of(interaction)).words if typed.casefold() in word)
        return [Choice(name=word, value=word) for word in words[:_CHOICES_MAX]]

    @app_commands.command()
    async def list(self, interaction: ImagineInteraction) -> None:
        """See every blocked word."""
        await defer(interaction)
        await say(interaction, words_list((await self._rules_of(interaction)).words))

    @app_commands.command()
    @app_commands.describe(text="A prompt, as somebody might write it")
    async def test(self, interaction: ImagineInteraction, text: Range[str, 1, 2000]) -> None:
        """See which blocked words a text would trip over."""
        await defer(interaction)
        found = [word for word in sorted((await self._rules_of(interaction)).words) if find_blocked_word(text, [word])]
        tripped = " · ".join(plain(word) for word in found)
        await say(interaction, f"This would be refused, for: **{tripped}**" if found else "This would be let through.")


async def check_may_write(interaction: ImagineInteraction, channel_id: int) -> None:
    """Raise `InvalidRequest` if the record could not be written there."""
    guild = await interaction.client.guild_once_known(interaction.guild_id or 0)
    if guild is None or guild.unavailable:
        raise NotServing("I'm still starting and don't know this server yet. Please try again in a minute.")
    try:
        with translate_discord_errors():
            channel = guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
    except Refused:
        missing: Sequence[str] = ("View Channel",)
    else:
        missing = missing_to_post(channel.permissions_for(guild.me), channel)
    if missing:
        needed = " and ".join(f"**{name}**" for name in missing)
        raise InvalidRequest(f"I can't write in <#{channel_id}>: I need {needed} there. Nothing was changed.")


def _listing(rules: Rulebook, mode: ChannelMode, channel_id: int) -> Rulebook:
    listed = rules.channels if rules.channel_mode is mode else frozenset()
    return rules.with_channels(mode, listed | {channel_id})
