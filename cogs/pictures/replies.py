"""Answers where there is no interaction: a card as a reply, and refusals that go away by themselves."""

import asyncio
from collections.abc import Sequence
from secrets import token_hex
from uuid import UUID

import discord
import structlog
from discord import ui

from bot.gateway.client import ImagineBot
from bot.generation.discord_port import DeliveryUnavailable
from bot.generation.draft import ImagineDraft
from bot.generation.service import GenerationService
from bot.limits.ledger import AlreadyReserved
from bot.picture.generation import Generation
from cogs.shared.access import Caller
from cogs.shared.command_permissions import CommandPermissions
from cogs.shared.confirm import Question
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.error_replies import sentence_for
from cogs.shared.messages import Messages
from cogs.shared.picture_buttons import waiting_card
from cogs.shared.plainer import Plainer
from cogs.ui.notes import hint
from cogs.ui.text import SENTENCE_MAX, cut

log = structlog.get_logger(__name__)

REFUSAL_SECONDS = 15.0  # it cannot be private here, so it does not stay
HINT_SECONDS = 30.0  # it is longer, and the person also looks at a picture


class Replies:
    """Draws for people who react or mention, and answers them in replies."""

    def __init__(self, bot: ImagineBot, generations: GenerationService, permissions: CommandPermissions) -> None:
        self._generations = generations
        self._permissions = permissions
        self._messages = Messages(bot)
        self._removals: set[asyncio.Task[None]] = set()

    async def draw(self, caller: Caller, draft: ImagineDraft) -> UUID | None:
        """Answer with a card and begin the picture, or reply with the reason why not; return the reservation's id.

        An event that arrives twice has its picture already, and gets no second answer. A refunded reservation counts
        too, so that the same reaction after it is known to be another.
        """
        try:
            await caller.check(self._permissions)
            reserved = await self._generations.reserve(draft, caller.origin)
        except AlreadyReserved as cause:
            log.info("duplicate_event", cause=str(cause))
            return cause.generation_id
        except Exception as error:  # noqa: BLE001  (nothing above this listener answers the member)
            await self.refuse(caller, sentence_for(error, "answering a reaction or a mention"))
            return None
        try:
            card_id = await self._post_card(reserved)
        except Exception as error:  # noqa: BLE001  (the reservation is refunded, and the member gets a reason)
            await self._generations.abandon(reserved)
            await self.refuse(caller, sentence_for(error, "answering a reaction or a mention"))
            return reserved[0].id
        await self._generations.begin(reserved, card_id)
        return reserved[0].id

    async def _post_card(self, reserved: Sequence[Generation]) -> int | None:
        """Post the card and return its id; None if it is not known, or if Discord refused the card."""
        generation, card = reserved[0], waiting_card(reserved)
        try:
            return await self._messages.post_card(generation, card)
        except (Refused, DeliveryUnavailable) as cause:
            log.warning("answer_in_doubt", generation=str(generation.id), cause=str(cause))
            return None

    async def refuse(self, caller: Caller, sentence: str) -> None:
        """Reply with a sentence, without a ping, and delete it after a while."""
        await self._say(caller, sentence, delete_after=REFUSAL_SECONDS)

    async def hint(self, caller: Caller, words: str) -> None:
        """Reply with a card that explains something, without a ping, and delete it after a while."""
        self._delete_later(await self._reply(caller, None, hint(words)), HINT_SECONDS)

    async def explain(self, caller: Caller, sentence: str) -> None:
        """Reply with a sentence, without a ping."""
        await self._say(caller, sentence)

    async def show(self, caller: Caller, card: ui.LayoutView) -> None:
        """Reply with a card, without a ping."""
        await self._reply(caller, None, card)

    async def ask(self, caller: Caller, sentence: str, question: Question) -> None:
        """Reply with a question, without a ping."""
        question.message = await self._say(caller, sentence, question=question)

    async def _say(
        self, caller: Caller, sentence: str, *, delete_after: float | None = None, question: ui.View | None = None
    ) -> discord.Message | None:
        """Reply with words, and return the message if Discord accepted it."""
        reply = await self._reply(caller, cut(sentence, SENTENCE_MAX), question or ui.View())
        if delete_after is not None:
            self._delete_later(reply, delete_after)
        return reply

    def _delete_later(self, message: discord.Message | None, seconds: float) -> None:
        if message is not None:
            removals = asyncio.create_task(_fade(message, seconds))
            self._removals.add(removals)
            removals.add_done_callback(self._removals.discard)

    async def _reply(self, caller: Caller, words: str | None, view: ui.View | ui.LayoutView) -> discord.Message | None:
        """Reply, and return the message if Discord accepted it."""
        reference = discord.MessageReference(
            message_id=caller.message_id, channel_id=caller.channel_id, fail_if_not_exists=False
        )
        # Two processes that get one message give it one answer; a reaction may be repeated.
        nonce = token_hex(8) if caller.event.is_repeatable else f"r{caller.message_id}"
        try:
            return await _send(caller.channel, words, view, reference, nonce)
        except (Refused, DeliveryUnavailable) as cause:
            log.info("reply_not_sent", cause=str(cause))
            return None


async def _send(
    channel: discord.abc.Messageable,
    words: str | None,
    view: ui.View | ui.LayoutView,
    reference: discord.MessageReference,
    nonce: str,
) -> discord.Message:
    plainer = Plainer()
    while True:
        with plainer:
            if isinstance(view, ui.LayoutView):
                card = plainer(view)
                with translate_discord_errors():
                    return await channel.send(reference=reference, view=card, nonce=nonce)
            shown = plainer(view)
            with translate_discord_errors():
                return await channel.send(words, reference=reference, view=shown, nonce=nonce)


async def _fade(message: discord.Message, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await delete_messages(message)


async def delete_messages(message: discord.Message) -> None:
    """Delete a message of the bot's that is no longer needed, if possible."""
    try:
        with translate_discord_errors():
            await message.delete()
    except (Refused, DeliveryUnavailable) as cause:
        log.info("reply_not_deleted", cause=str(cause))
