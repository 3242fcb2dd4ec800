"""The decisions of moderators, and what happens to the messages in which they make them."""

from typing import Any
from uuid import UUID

import discord
from discord.ext import commands

from bot.reviews.reviews import Reviews
from cogs.review.form import RejectForm
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer, open_form
from cogs.shared.moderators import check_moderator


class ReviewCog(commands.Cog):
    """Takes decisions from moderators; the card and the member's message follow from the row."""

    def __init__(self, reviews: Reviews) -> None:
        self._reviews = reviews

    async def approve(self, interaction: ImagineInteraction, generation_id: UUID) -> None:
        """Approve a picture or a prompt."""
        check_moderator(interaction)
        await defer(interaction, thinking=False)
        await self._reviews.approve(generation_id, origin_of(interaction).server_key, interaction.user.id)

    async def ask_for_reason(self, interaction: ImagineInteraction, generation_id: UUID, *, blocks: bool) -> None:
        """Open the form that rejects a picture or a prompt, and perhaps blocks its member."""
        check_moderator(interaction)
        generation = await self._reviews.open_one(generation_id, origin_of(interaction).server_key)
        await open_form(interaction, RejectForm(generation, self._reviews, blocks=blocks))

    @commands.Cog.listener("on_raw_message_delete")
    async def on_deletion(self, deleted: discord.RawMessageDeleteEvent) -> None:
        """Post a card again that was deleted before anybody decided."""
        await self._reviews.lose({deleted.message_id})

    @commands.Cog.listener("on_raw_bulk_message_delete")
    async def on_deletions(self, deleted: discord.RawBulkMessageDeleteEvent) -> None:
        """Post cards again that were deleted together."""
        await self._reviews.lose(deleted.message_ids)

    @commands.Cog.listener("on_guild_channel_delete")
    async def on_channel_deletion(self, channel: discord.abc.GuildChannel) -> None:
        """Look for another place for the cards of a channel that was deleted."""
        await self._reviews.lose({channel.id})

    @commands.Cog.listener("on_raw_thread_delete")
    async def on_thread_deletion(self, deleted: Any) -> None:  # noqa: ANN401  (discord.py's event)
        """Look for another place for the cards of a thread that was deleted."""
        await self._reviews.lose({deleted.thread_id})
