"""The first answer: always the card itself, always in time, or a private refusal."""

import asyncio

import discord
import structlog
from discord import ui

from bot.generation.discord_port import DeliveryUnavailable
from bot.generation.draft import ImagineDraft
from bot.generation.service import GenerationService
from bot.limits.ledger import AlreadyReserved
from bot.picture.generation import Generation
from bot.picture.progress import Looking, Queued
from cogs.shared.access import ImagineInteraction, check_interaction, check_press, look_channel_up, origin_of
from cogs.shared.answers import NO_MENTIONS, answer_first, show
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.plainer import Plainer, send_plainer_if_refused
from cogs.ui.cards import progress_card

log = structlog.get_logger(__name__)

GUARD_SECONDS = 2.0  # Discord waits 3; what is not decided by then gets a card that says so


async def start_picture(interaction: ImagineInteraction, draft: ImagineDraft) -> None:
    """Answer an interaction with the card of a wished-for picture, and begin it; what is refused is raised.

    Whether the person may ask is checked, but for a typed command: there, Discord has done it.
    """
    check_interaction(interaction)
    draft.check()
    await FirstResponse(interaction, draft).answer()


class FirstResponse:
    """One interaction on its way to its card."""

    def __init__(self, interaction: ImagineInteraction, draft: ImagineDraft) -> None:
        self._interaction = interaction
        self._draft = draft
        self._generations: GenerationService = interaction.client.generations

    async def answer(self) -> None:
        """Answer with the card of what was reserved; what reserving raises goes on, with no card left behind.

        What was reserved is begun, or given back if the person cannot be answered.
        """
        work = asyncio.create_task(self._reserve())
        await asyncio.wait({work}, timeout=GUARD_SECONDS)
        early = not work.done()
        early_failure = await self._show_early() if early else None
        try:
            generation = await work
        except AlreadyReserved as cause:  # what was reserved first shows its own card
            log.info("duplicate_event", cause=str(cause))
            return
        except Exception:
            if early:
                await self._delete_messages()
            raise
        try:
            card_id = await self._show(generation, early_failure, replacing=early)
        except Exception as cause:
            await self._generations.abandon(generation)
            if not isinstance(cause, Refused | DeliveryUnavailable):
                raise
            log.warning("answer_refused", generation=str(generation.id), cause=str(cause))  # the person saw a failure
            return
        await self._generations.begin(generation, card_id)

    async def _reserve(self) -> Generation:
        await look_channel_up(self._interaction)
        if self._interaction.type is not discord.InteractionType.application_command:
            await check_press(self._interaction)
        return await self._generations.reserve(self._draft, origin_of(self._interaction))

    async def _show_early(self) -> Exception | None:
        """Answer before the request is decided; return what went wrong, since what is reserved yet is given back."""
        stage = Looking() if self._draft.attachments else Queued()
        try:
            await self._send(progress_card(self._draft.prompt, stage))
        except Exception as cause:  # noqa: BLE001  (raised again once it is known what to give back)
            return cause
        return None

    async def _show(self, generation: Generation, early_failure: Exception | None, *, replacing: bool) -> int | None:
        """Show that a picture is reserved and return its card's id, None if that cannot be told."""
        if early_failure is not None:
            raise early_failure
        card = progress_card(self._draft.prompt, Queued(), generation.usual_seconds)
        if not replacing:
            return await self._send(card)
        try:
            return await show(self._interaction, card)
        except (Refused, DeliveryUnavailable) as cause:
            log.warning("early_card_not_replaced", generation=str(generation.id), cause=str(cause))
            return None

    async def _send(self, card: ui.LayoutView) -> int | None:
        """Answer with a card and return its message's id, None if that cannot be told."""

        async def send(plainer: Plainer) -> int | None:
            view = plainer(card)
            callback = await answer_first(
                self._interaction,
                lambda: self._interaction.response.send_message(
                    view=view, ephemeral=self._draft.private, allowed_mentions=NO_MENTIONS
                ),
            )
            return await self._look() if callback is None else callback.message_id

        return await send_plainer_if_refused(send)

    async def _look(self) -> int | None:
        """Return the id of an answer that may have got through."""
        try:
            with translate_discord_errors():
                return (await self._interaction.original_response()).id
        except (Refused, DeliveryUnavailable) as cause:
            log.warning("response_not_confirmed", interaction=self._interaction.id, cause=str(cause))
            return None

    async def _delete_messages(self) -> None:
        try:
            with translate_discord_errors():
                await self._interaction.delete_original_response()
        except (Refused, DeliveryUnavailable) as cause:
            log.info("card_not_deleted_yet", cause=str(cause))
