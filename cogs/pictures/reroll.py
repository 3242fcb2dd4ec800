"""The same picture with another seed, by a reaction or by a button; and the same again, after a failure or larger."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import discord
import structlog
from discord import ui
from discord.ext import commands

from bot.errors import StorageUnavailable
from bot.gateway.client import ImagineBot
from bot.generation.discord_port import DeliveryUnavailable
from bot.generation.draft import ImagineDraft
from bot.generation.library import PictureLibrary
from bot.i18n import _
from bot.i18n.speech import answering_about
from bot.picture.generation import Derivation, Generation
from bot.picture.params import Resolution
from bot.picture.request import PICTURES_MAX
from cogs.pictures.first_response import PictureStarter
from cogs.pictures.reactions import Reaction, ReactionHistory, caller_of, find_reacted
from cogs.pictures.replies import Replies
from cogs.shared.access import ImagineInteraction
from cogs.shared.answers import say
from cogs.shared.discord_errors import Refused
from cogs.shared.emoji import emoji_key, emoji_of
from cogs.shared.error_replies import sentence_for
from cogs.shared.picture_buttons import is_here
from cogs.ui.notes import hint

log = structlog.get_logger(__name__)

_PLACES: Final = {emoji_key(emoji_of(f"{place}\ufe0f\u20e3")): place for place in range(1, PICTURES_MAX + 1)}


class Reroll(commands.Cog):
    """Makes pictures again for a member who presses or reacts, at that member's cost."""

    def __init__(self, bot: ImagineBot, library: PictureLibrary, starter: PictureStarter, replies: Replies) -> None:
        self._bot = bot
        self._library = library
        self._starter = starter
        self._replies = replies
        self._history = ReactionHistory()
        self._emoji = frozenset(map(emoji_key, bot.settings.reroll_emoji))

    @commands.Cog.listener("on_raw_reaction_add")
    async def on_reaction(self, reaction: discord.RawReactionActionEvent) -> None:
        """Reroll one of the bot's pictures for a member who put a die below it."""
        bot_user = self._bot.user
        if bot_user is None or reaction.user_id == bot_user.id or not self._rerolls(reaction.emoji):
            return
        if reaction.message_author_id not in {None, bot_user.id}:
            return
        if reaction.guild_id is not None and self._bot.get_guild(reaction.guild_id) is None:
            return  # a server that we are not in, or not yet
        place = _PLACES.get(emoji_key(reaction.emoji))
        added = self._history.added(reaction)
        try:
            pictures = await find_reacted(self._library, reaction, place)
        except StorageUnavailable as outage:
            await self._refuse(reaction, added, outage)
            return
        if not pictures or not is_here(pictures[0], reaction.guild_id, reaction.user_id):
            return
        async with added.turn() as event:
            try:
                caller = await caller_of(self._bot, reaction, event)
            except (Refused, DeliveryUnavailable) as cause:  # the channel or the person is gone
                log.info("reaction_unanswered", generation=str(pictures[0].id), cause=str(cause))
                return
            if caller.user.bot:
                return
            with answering_about(pictures[0].origin.locale):
                added.became(await self._replies.draw(caller, _all_rerolled(pictures)))

    @commands.Cog.listener("on_raw_reaction_remove")
    async def on_removal(self, removed: discord.RawReactionActionEvent) -> None:
        """Take note that somebody took their emoji away: the next one is another."""
        self._history.removed(removed.message_id, removed.user_id, removed.emoji)

    @commands.Cog.listener("on_raw_reaction_clear")
    async def on_clearing(self, cleared: discord.RawReactionClearEvent) -> None:
        """Take note that a moderator took all of them away."""
        self._history.removed(cleared.message_id)

    @commands.Cog.listener("on_raw_reaction_clear_emoji")
    async def on_clearing_of_one(self, cleared: discord.RawReactionClearEmojiEvent) -> None:
        """Take note that a moderator took all of one kind away."""
        self._history.removed(cleared.message_id, emoji=cleared.emoji)

    async def _refuse(
        self, reaction: discord.RawReactionActionEvent, added: Reaction, outage: StorageUnavailable
    ) -> None:
        """Say that nothing can be drawn, below one of our messages, though perhaps not a picture."""
        sentence = sentence_for(outage, "answering a reaction")
        if reaction.message_author_id is None:
            return
        async with added.turn() as event:
            try:
                caller = await caller_of(self._bot, reaction, event)
            except (Refused, DeliveryUnavailable) as cause:
                log.info("reaction_unanswered", cause=str(cause))
                return
            if not caller.user.bot:
                await self._replies.refuse(caller, sentence)

    def _rerolls(self, emoji: discord.PartialEmoji) -> bool:
        return emoji_key(emoji) in self._emoji or emoji_key(emoji) in _PLACES

    async def reroll(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Draw the same with a new seed."""
        await self._starter.start(interaction, _rerolled(generation))

    async def reroll_all(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Draw as many with new seeds as were asked for together."""
        await self._starter.start(interaction, _all_rerolled(await self._library.batch_of(generation)))

    async def retry(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Draw the same after a failure."""
        await self._starter.start(interaction, ImagineDraft.like(generation, Derivation.RETRY))

    async def larger(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Draw the same, with the same seed, at 4 MP; on a member's first time, say privately what that means."""
        params = generation.request.params.enlarged(Resolution.FOUR_MP)
        await self._starter.start(interaction, ImagineDraft.like(generation, Derivation.LARGER).with_params(params))
        try:
            if await self._library.is_first(interaction.user.id, Derivation.LARGER):
                await say(interaction, larger_hint())
        except (StorageUnavailable, Refused, DeliveryUnavailable) as cause:  # the picture comes without it
            log.info("hint_not_shown", generation=str(generation.id), cause=str(cause))


def larger_hint() -> ui.LayoutView:
    """Return what a member reads once about larger pictures."""
    return hint(
        _("**Larger** draws the picture again with the same seed, so some details change. I only say this once.")
    )


def _all_rerolled(pictures: Sequence[Generation]) -> ImagineDraft:
    """Return the draft of as many pictures again, of which the first on the card is the parent."""
    first = next((each for each in pictures if each.message_id is not None), pictures[0])
    prompts = [each.request.prompt for each in pictures]
    return replace(_rerolled(first), count=len(prompts), prompts=prompts)


def _rerolled(generation: Generation) -> ImagineDraft:
    return ImagineDraft.like(generation, Derivation.REROLL).with_params(generation.request.params.unseeded())
