"""The first answer: always the card itself, always in time, or a private refusal."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import discord
import structlog
from discord import ui

from bot.generation.discord_port import DeliveryUnavailable
from bot.generation.draft import ImagineDraft
from bot.generation.service import GenerationService
from bot.i18n.speech import in_public
from bot.limits.ledger import AlreadyReserved, LimitRefused
from bot.picture.generation import Generation
from bot.picture.progress import Looking, Queued
from cogs.shared.access import (
    ImagineInteraction,
    check_interaction,
    check_press,
    look_channel_up,
    origin_of,
    seconds_left,
)
from cogs.shared.answers import answer_first, say, show
from cogs.shared.command_permissions import CommandPermissions
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.error_replies import errors_answered
from cogs.shared.fewer_offer import FewerOffer
from cogs.shared.picture_buttons import waiting_card
from cogs.shared.plainer import Plainer
from cogs.ui.cards import progress_card

log = structlog.get_logger(__name__)


class PictureStarter:
    """Starts the pictures that interactions ask for."""

    def __init__(self, generations: GenerationService, permissions: CommandPermissions) -> None:
        self._generations = generations
        self._permissions = permissions

    async def start(self, interaction: ImagineInteraction, draft: ImagineDraft) -> None:
        """Answer an interaction with the card of a picture, and begin it; raise the reason if it is refused.

        Discord checks only for a typed command whether the member may use it; for the rest, it is checked here.
        """
        check_interaction(interaction)
        try:
            await FirstResponse(interaction, draft, self._generations, self._permissions).answer()
        except LimitRefused as refused:
            if not refused.exceeded.fits:
                raise
            await say(interaction, FewerOffer(refused.exceeded, partial(self._start_fewer, draft)))

    async def _start_fewer(self, draft: ImagineDraft, pressed: ImagineInteraction, count: int) -> None:
        """Make fewer pictures than were asked for, for the member who said so."""
        async with errors_answered(pressed):
            await self.start(pressed, draft.fewer(count))


class FirstResponse:
    """One interaction on its way to its card."""

    def __init__(
        self,
        interaction: ImagineInteraction,
        draft: ImagineDraft,
        generations: GenerationService,
        permissions: CommandPermissions,
    ) -> None:
        self._interaction = interaction
        self._draft = draft
        self._generations = generations
        self._permissions = permissions

    async def answer(self) -> None:
        """Reserve, and answer with the card; raise the reason of a refusal, with no card left behind.

        A reservation is begun, or refunded if the member cannot be answered.
        """
        work = asyncio.create_task(self._reserve())
        await asyncio.wait({work}, timeout=seconds_left(self._interaction))
        early = not work.done()
        early_failure = await self._show_early() if early else None
        try:
            reserved = await work
        except AlreadyReserved as cause:  # an earlier reservation shows its own card
            log.info("duplicate_event", cause=str(cause))
            return
        except Exception:
            if early:
                await self._delete_messages()
            raise
        try:
            card_id = await self._show(reserved, early_failure, replacing=early)
        except Exception as cause:
            await self._generations.abandon(reserved)
            if not isinstance(cause, Refused | DeliveryUnavailable):
                raise
            log.warning("answer_refused", generation=str(reserved[0].id), cause=str(cause))  # the person saw a failure
            return
        await self._generations.begin(reserved, card_id)

    async def _reserve(self) -> Sequence[Generation]:
        await look_channel_up(self._interaction)
        if self._interaction.type is not discord.InteractionType.application_command:
            await check_press(self._interaction, self._permissions)
        return await self._generations.reserve(self._draft, origin_of(self._interaction, private=self._draft.private))

    async def _show_early(self) -> Exception | None:
        """Answer before the request is decided; return the error, which is raised once the reservation is known."""
        stage = Looking() if self._draft.attachments else Queued()
        try:
            with self._speaking():
                card = progress_card(self._draft.prompt, stage)
            await self._send(card)
        except Exception as cause:  # noqa: BLE001  (raised once it is known what to refund)
            return cause
        return None

    async def _show(
        self, reserved: Sequence[Generation], early_failure: Exception | None, *, replacing: bool
    ) -> int | None:
        """Show that pictures are reserved and return its card's id, None if it is not known."""
        if early_failure is not None:
            raise early_failure
        with self._speaking():
            card = waiting_card(reserved)
        if not replacing:
            return await self._send(card)
        try:
            return await show(self._interaction, card)
        except (Refused, DeliveryUnavailable) as cause:
            log.warning("early_card_not_replaced", generation=str(reserved[0].id), cause=str(cause))
            return None

    def _speaking(self) -> AbstractContextManager[None]:
        """Speak the card's language: the server's, or the person's own where only they see it."""
        return nullcontext() if self._draft.private else in_public()

    async def _send(self, card: ui.LayoutView) -> int | None:
        """Respond with a card and return its message's id, None if it's unknown."""
        plainer, response = Plainer(), self._interaction.response
        while True:
            with plainer:
                send = partial(response.send_message, view=plainer(card), ephemeral=self._draft.private)
                callback = await answer_first(self._interaction, send)
                return await self._look() if callback is None else callback.message_id

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
