"""⭐: a member keeps a picture, by a button or by a reaction, and the showcase counts it."""

import asyncio
from typing import Final
from weakref import WeakValueDictionary

import discord
import structlog
from discord.ext import commands

from bot.errors import StorageUnavailable
from bot.favourites.favourites import Favourites
from bot.favourites.showcase import Showcase
from bot.gateway.client import ImagineBot
from bot.generation.discord_port import DeliveryUnavailable
from bot.generation.library import PictureLibrary
from bot.i18n import _
from bot.picture.generation import Generation
from bot.picture.origin import Event
from cogs.pictures.reactions import caller_of, find_reacted
from cogs.pictures.replies import Replies
from cogs.shared.access import ImagineInteraction
from cogs.shared.answers import defer, show
from cogs.shared.command_links import command_link
from cogs.shared.discord_errors import Refused
from cogs.shared.emoji import emoji_key
from cogs.shared.error_replies import sentence_for
from cogs.shared.picture_buttons import button_row, is_here
from cogs.ui.notes import note
from cogs.ui.picture_buttons import Action, button_of

log = structlog.get_logger(__name__)

_STAR: Final = emoji_key("⭐")
Reacted = discord.RawReactionActionEvent


class Favourite(commands.Cog):
    """Adds and removes favourites; an operator's reroll emoji rerolls, even if it is ⭐."""

    def __init__(
        self, bot: ImagineBot, library: PictureLibrary, favourites: Favourites, showcase: Showcase, replies: Replies
    ) -> None:
        self._bot = bot
        self._library = library
        self._favourites = favourites
        self._showcase = showcase
        self._replies = replies
        self._is_star = _STAR not in map(emoji_key, bot.settings.reroll_emoji)
        # Of one person and message, so that a star that is added and removed at once ends as it was done last.
        self._turns: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def add(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Keep the picture, and say privately how to find it again."""
        await defer(interaction)
        is_new = await self._favourites.add(interaction.user.id, generation)
        history = command_link(self._bot, "history")
        words = (
            _("⭐ Added to your favourites. {history} with `favourites` shows them.", history=history)
            if is_new
            else _("⭐ It's one of your favourites already. {history} with `favourites` shows them.", history=history)
        )
        await show(interaction, note(words, [button_row(generation, [button_of(Action.UNFAVOURITE)])]))
        await self._showcase.go_on()

    async def remove(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Don't keep the picture any longer, and say so in the place of the button."""
        await defer(interaction, thinking=False)
        was_there = await self._favourites.remove(interaction.user.id, generation)
        words = _("Removed from your favourites.") if was_there else _("It isn't one of your favourites.")
        await show(interaction, note(words, [button_row(generation, [button_of(Action.FAVOURITE)])]))

    @commands.Cog.listener("on_raw_reaction_add")
    async def on_star(self, reaction: Reacted) -> None:
        """Keep the pictures of a message of the bot's for a member who put a star below it."""
        bot_user = self._bot.user
        if bot_user is None or reaction.message_author_id not in {None, bot_user.id} or not self._stars(reaction):
            return
        async with self._turn(reaction):
            try:
                for generation in await find_reacted(self._library, reaction):
                    if is_here(generation, reaction.guild_id, reaction.user_id):
                        await self._favourites.add(reaction.user_id, generation)
            except StorageUnavailable as outage:
                await self._refuse(reaction, outage)
                return
        await self._showcase.go_on()

    @commands.Cog.listener("on_raw_reaction_remove")
    async def on_removal(self, reaction: Reacted) -> None:
        """Don't keep the pictures any longer for a member who took their star away."""
        if not self._stars(reaction):
            return
        async with self._turn(reaction):
            for generation in await find_reacted(self._library, reaction):
                await self._favourites.remove(reaction.user_id, generation)

    @commands.Cog.listener("on_raw_message_delete")
    async def on_deletion(self, deleted: discord.RawMessageDeleteEvent) -> None:
        """Take a picture out of the showcase whose message a moderator deleted."""
        await self._withdraw({deleted.message_id})

    @commands.Cog.listener("on_raw_bulk_message_delete")
    async def on_deletions(self, deleted: discord.RawBulkMessageDeleteEvent) -> None:
        """Take pictures out of the showcase whose messages were deleted together."""
        await self._withdraw(deleted.message_ids)

    async def _withdraw(self, message_ids: set[int]) -> None:
        if await self._showcase.withdraw(message_ids):
            await self._showcase.go_on()

    def _stars(self, reaction: Reacted) -> bool:
        """Return True for a star of a person; what a bot puts there is nobody's favourite."""
        is_bot = reaction.member is not None and reaction.member.bot
        is_own = self._bot.user is not None and reaction.user_id == self._bot.user.id
        return self._is_star and not is_bot and not is_own and emoji_key(reaction.emoji) == _STAR

    def _turn(self, reaction: Reacted) -> asyncio.Lock:
        return self._turns.setdefault((reaction.message_id, reaction.user_id), asyncio.Lock())

    async def _refuse(self, reaction: Reacted, outage: StorageUnavailable) -> None:
        """Reply that a star was not kept, which nobody would see otherwise."""
        sentence = sentence_for(outage, "answering a star")
        event = Event(key=f"star:{reaction.message_id}:{reaction.user_id}", is_repeatable=True)
        try:
            await self._replies.refuse(await caller_of(self._bot, reaction, event), sentence)
        except (Refused, DeliveryUnavailable) as cause:
            log.info("reaction_unanswered", cause=str(cause))
