"""The first answer: always the card itself, always in time, or a private refusal."""

import asyncio
from datetime import UTC, datetime

import aiohttp
import discord
import structlog
from discord import ui

from bot.generation.service import Generations
from bot.generation.wish import Wish
from bot.limits.ledger import AlreadyReserved
from bot.picture.generation import Generation
from bot.picture.progress import Looking, Queued
from cogs.doors import ImagineInteraction, check_interaction, check_press, origin_of
from cogs.ui.cards import progress_card

log = structlog.get_logger(__name__)

GUARD_SECONDS = 2.0  # Discord waits 3; what is not decided by then gets a card that says so
_ALREADY_ACKNOWLEDGED = 40060  # our first try got through although its answer was lost
_NO_MENTIONS = discord.AllowedMentions.none()


async def draw(interaction: ImagineInteraction, wish: Wish) -> None:
    """Answer an interaction with the card of a wished-for picture, and begin it; what is refused is raised.

    Whether the person may ask is checked, but for a typed command: there, Discord has done it.
    """
    check_interaction(interaction)
    wish.check()
    await Opening(interaction, wish).answer()


class Opening:
    """One interaction on its way to its card."""

    def __init__(self, interaction: ImagineInteraction, wish: Wish) -> None:
        self._interaction = interaction
        self._wish = wish
        self._generations: Generations = interaction.client.generations

    async def answer(self) -> None:
        """Answer with the card of what was reserved; what reserving raises goes on, with no card left behind."""
        began_at = datetime.now(UTC)
        work = asyncio.create_task(self._reserve())
        await asyncio.wait({work}, timeout=GUARD_SECONDS)
        early = not work.done()
        if early:
            await self._show_early(work, began_at)
        try:
            generation = await work
        except AlreadyReserved as cause:  # what was reserved first shows its own card
            log.info("event_told_twice", cause=str(cause))
            return
        except Exception:
            if early:
                await self._take_away()
            raise
        card = progress_card(self._wish.prompt, Queued(), generation.created_at, generation.usual_seconds)
        if early:
            await self._replace_and_begin(generation, card)
        else:
            await self._answer_and_begin(generation, card)

    async def _reserve(self) -> Generation:
        if self._interaction.type is not discord.InteractionType.application_command:
            await check_press(self._interaction)
        return await self._generations.reserve(self._wish, origin_of(self._interaction))

    async def _show_early(self, work: asyncio.Task[Generation], began_at: datetime) -> None:
        """Answer before the request is decided; if that is refused, whatever is reserved later is given back."""
        stage = Looking() if self._wish.attachments else Queued()
        try:
            await self._send(progress_card(self._wish.prompt, stage, began_at))
        except discord.HTTPException:
            await self._generations.abandon(await work)
            raise
        except (aiohttp.ClientError, OSError) as cause:  # it may have got through: what comes next will tell
            log.warning("early_answer_in_doubt", cause=type(cause).__name__)

    async def _replace_and_begin(self, generation: Generation, card: ui.LayoutView) -> None:
        card_id = None
        try:
            message = await self._interaction.edit_original_response(view=card, allowed_mentions=_NO_MENTIONS)
            card_id = message.id
        except (discord.HTTPException, aiohttp.ClientError, OSError) as cause:
            log.warning("early_card_not_replaced", generation=str(generation.id), cause=type(cause).__name__)
        await self._generations.begin(generation, card_id)

    async def _answer_and_begin(self, generation: Generation, card: ui.LayoutView) -> None:
        try:
            card_id = await self._send(card)
        except (discord.DiscordServerError, aiohttp.ClientError, OSError) as cause:
            log.warning("answer_in_doubt", generation=str(generation.id), cause=type(cause).__name__)
            card_id = None
        except discord.HTTPException as refused:  # the person saw a failure, so there shall be none to pay for
            log.warning("answer_refused", generation=str(generation.id), status=refused.status, code=refused.code)
            await self._generations.abandon(generation)
            return
        await self._generations.begin(generation, card_id)

    async def _send(self, card: ui.LayoutView) -> int | None:
        """Answer with a card and return its message's id, or None where an earlier try of the answer got through."""
        try:
            callback = await self._interaction.response.send_message(
                view=card, ephemeral=self._wish.private, allowed_mentions=_NO_MENTIONS
            )
        except discord.HTTPException as refused:
            if refused.code == _ALREADY_ACKNOWLEDGED:
                return None
            raise
        return callback.message_id

    async def _take_away(self) -> None:
        try:
            await self._interaction.delete_original_response()
        except (discord.HTTPException, aiohttp.ClientError, OSError) as cause:
            log.info("card_not_taken_away", cause=type(cause).__name__)
