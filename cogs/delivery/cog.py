"""Progress, pictures and reasons in Discord's channels."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from uuid import UUID

import structlog
from discord.ext import commands

from bot.gateway.client import ImagineBot
from bot.generation.discord_port import BatchCards, DeliveryUnavailable, NowhereToPost, Picture, Posted
from bot.picture.failure import Failure
from bot.picture.generation import BatchPlace, Generation, State
from bot.picture.price import PriceOf
from bot.picture.progress import Drawing, Fetching, HeldUp, Progress, Queued
from cogs.delivery.batch_delivery import BatchDelivery
from cogs.delivery.batch_messages import BatchMessages
from cogs.delivery.progress import ProgressUpdater
from cogs.shared.emoji import emoji_of
from cogs.shared.marked_files import file_marker
from cogs.shared.messages import CardGone, Messages, OutgoingMessage
from cogs.shared.picture_buttons import cancel_rows, failure_rows, progress_rows, waiting_card
from cogs.shared.picture_message import picture_message
from cogs.ui.cards import failure_card, progress_card

log = structlog.get_logger(__name__)


class DiscordDelivery(commands.Cog):
    """Posts for the workflow."""

    def __init__(
        self,
        bot: ImagineBot,
        look_up: Callable[[UUID], Awaitable[Generation]],
        batch_cards: BatchCards,
        price_of: PriceOf,
    ) -> None:
        self._price_of = price_of
        self._look_up = look_up
        self._speech = bot.speech
        self._messages = Messages(bot)
        self._batch_cards = batch_cards
        self._batches = BatchDelivery(BatchMessages(bot), batch_cards)
        self._emoji = next(map(emoji_of, bot.settings.reroll_emoji), None)
        self._progress = ProgressUpdater(self._edit_progress, bot.settings.generation.progress_seconds)

    def _speaking(self, generation: Generation) -> AbstractContextManager[None]:
        """Speak the language of a picture's messages, in whichever process."""
        return self._speech.spoken(generation.origin.locale)

    async def cog_unload(self) -> None:
        """Show no more progress: the next start goes on with it."""
        await self._progress.close_all()

    async def find_card(self, generation: Generation) -> int | None:
        """Return the id of a generation's card, posted where a reply has none; None if there is none to be had."""
        with self._speaking(generation):
            card = waiting_card([generation])
        try:
            return await self._messages.find_card(generation, card)
        except DeliveryUnavailable as cause:
            log.info("card_not_found", generation=str(generation.id), cause=str(cause))
            return None

    async def find_file(self, generation: Generation) -> str | None:
        """Return a link to the posted picture's file; None if there is none to be had. Raises `DeliveryUnavailable`."""
        return await self._messages.find_file(generation)

    def show(self, generation: Generation, progress: Progress) -> None:
        """Show a stage on the card, at a limited rate and at best effort; return at once."""
        if generation.batch is not None:
            self._batches.note_stage(generation.batch, generation.id, progress)
        self._progress.show(generation, progress)

    def progress_of(self, generation_id: UUID) -> Progress | None:
        """Return the stage that this process shows of a picture, or None if it shows none."""
        return self._progress.latest(generation_id) or self._batches.stage_of(generation_id)

    async def post(self, generation: Generation, picture: Picture, *, seen_before: bool) -> Posted:
        """Put the picture into the card's place, or into the channel if the card is out of reach."""
        with self._speaking(generation), self._progress.yielding_to(generation):
            await self._progress.close(generation.card_key)
            if generation.batch is not None:
                return await self._post_of_batch(generation, generation.batch, picture, seen_before=seen_before)
            posted = await self._messages.find(generation, file_marker(generation.id)) if seen_before else None
            if posted is None:
                posted = await self._messages.replace_card(
                    generation, lambda: picture_message(generation, picture, self._price_of)
                )
        await self._delete_replaced(generation, posted)
        return posted

    async def _post_of_batch(
        self, generation: Generation, batch: BatchPlace, picture: Picture, *, seen_before: bool
    ) -> Posted:
        """Put the picture onto the batch's card, or into a message of its own if the card is out of reach."""
        try:
            return await self._batches.post(generation, batch, picture)
        except CardGone as gone:
            log.info("card_unreachable", generation=str(generation.id), cause=str(gone))
        posted = await self._messages.find(generation, file_marker(generation.id)) if seen_before else None
        return posted or await self._messages.post_anew(
            generation, lambda: picture_message(generation, picture, self._price_of)
        )

    async def take_off(self, generation: Generation) -> None:
        """Take a picture and its file off the card that it shares; raise `Refused` if the card is out of reach."""
        if generation.batch is not None:
            with self._speaking(generation):
                await self._batches.take_off(generation, generation.batch)

    async def await_review(self, generation: Generation, *, seen_before: bool) -> Posted | None:
        """Show on the card that a moderator decides, or in a new message if the card is out of reach."""
        with self._speaking(generation):
            return await self._await_review(generation, seen_before=seen_before)

    async def _await_review(self, generation: Generation, *, seen_before: bool) -> Posted | None:
        if generation.batch is not None:
            try:
                await self._batches.redraw(generation, generation.batch)
            except CardGone as gone:
                log.info("card_unreachable", generation=str(generation.id), cause=str(gone))
            return None
        await self._progress.close(generation.card_key)

        def outgoing() -> OutgoingMessage:
            return OutgoingMessage(waiting_card([generation]))

        try:
            await self._messages.edit_card(generation, outgoing)
        except CardGone as gone:
            log.info("card_unreachable", generation=str(generation.id), cause=str(gone))
        else:
            return None
        shown = await self._messages.find_like(generation, outgoing().card) if seen_before else None
        try:
            shown = shown or await self._messages.post_anew(generation, outgoing, f"w{generation.short_id}")
        except NowhereToPost:
            log.warning("review_not_announced", generation=str(generation.id))
            return None
        await self._delete_replaced(generation, shown)
        return shown

    async def invite(self, generation: Generation) -> None:
        """Put the first of `REROLL_EMOJI` below a picture, so that people see what a reaction does."""
        if not generation.request.private and self._emoji and await self._is_first_shown(generation):
            await self._messages.react(generation, self._emoji)

    async def explain(self, generation: Generation, failure: Failure, *, seen_before: bool = False) -> None:
        """Put the reason into the card's place, or into the channel if the card is out of reach."""
        with self._speaking(generation):
            await self._explain(generation, failure, seen_before=seen_before)

    async def _explain(self, generation: Generation, failure: Failure, *, seen_before: bool) -> None:
        if generation.batch is not None:
            try:
                return await self._batches.redraw(generation, generation.batch)
            except CardGone as gone:
                log.info("card_unreachable", generation=str(generation.id), cause=str(gone))
        await self._progress.close(generation.card_key)

        def outgoing() -> OutgoingMessage:
            return OutgoingMessage(failure_card(generation, failure, failure_rows(generation, failure)))

        try:
            posted = await self._show_reason(generation, outgoing, seen_before=seen_before)
        except NowhereToPost:
            log.warning("reason_undeliverable", generation=str(generation.id), kind=failure.kind)
        else:
            await self._delete_replaced(generation, posted)

    async def _show_reason(
        self, generation: Generation, outgoing: Callable[[], OutgoingMessage], *, seen_before: bool
    ) -> Posted:
        if generation.batch is None:
            try:
                return await self._messages.edit_card(generation, outgoing)
            except CardGone as gone:
                log.info("card_unreachable", generation=str(generation.id), cause=str(gone))
        shown = await self._messages.find_like(generation, outgoing().card) if seen_before else None
        return shown or await self._messages.post_anew(generation, outgoing)

    async def _delete_replaced(self, generation: Generation, posted: Posted) -> None:
        """Delete the card if its place was taken by another message; the card of a batch has other pictures too."""
        if generation.batch is None and posted.message_id != generation.card_id:
            await self._messages.delete_card(generation)

    async def _is_first_shown(self, generation: Generation) -> bool:
        """Return True if a picture's message gets its reaction on its account: once for those of a batch."""
        if generation.batch is None:
            return True
        pictures = await self._batch_cards.pictures(generation.batch.id)
        return generation.id == next((each.id for each in pictures if each.failure is None), None)

    async def _edit_progress(self, generation: Generation, progress: Progress) -> bool:
        with self._speaking(generation):
            return await self._show_progress(generation, progress)

    async def _show_progress(self, generation: Generation, progress: Progress) -> bool:
        if generation.batch is not None:
            return await self._edit_batch(generation, generation.batch)
        rows = []
        if not isinstance(progress, Drawing | Fetching):
            now = await self._look_up(generation.id)
            if now.finished_at is not None or (isinstance(progress, Queued) and now.state is not State.QUEUED):
                return True
            # The order of the next try may be stored by now, and be rejected too.
            waits = isinstance(progress, HeldUp) and progress.can_be_cancelled and now.state is State.SUBMITTING
            rows = cancel_rows(now) if waits else progress_rows(now)
        prompt, usual_seconds = generation.request.prompt, generation.usual_seconds
        card = progress_card(prompt, progress, usual_seconds, generation.estimate, rows)
        try:
            await self._messages.edit_card(generation, lambda: OutgoingMessage(card))
        except (CardGone, DeliveryUnavailable) as cause:
            log.info("progress_not_shown", generation=str(generation.id), cause=str(cause))
            return not isinstance(cause, CardGone)
        return True

    async def _edit_batch(self, generation: Generation, batch: BatchPlace) -> bool:
        try:
            return await self._batches.show_progress(generation, batch)
        except (CardGone, DeliveryUnavailable) as cause:
            log.info("progress_not_shown", generation=str(generation.id), cause=str(cause))
            return not isinstance(cause, CardGone)
