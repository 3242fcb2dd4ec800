"""Answers where there is no interaction: a card as a reply, and refusals that go away by themselves."""

import asyncio
from secrets import token_hex
from uuid import UUID

import discord
import structlog
from discord import ui

from bot.gateway.client import ImagineBot
from bot.generation.discord_port import DeliveryUnavailable
from bot.generation.draft import ImagineDraft
from bot.limits.ledger import AlreadyReserved
from bot.picture.generation import Generation
from bot.picture.progress import Queued
from cogs.shared.access import Caller
from cogs.shared.confirm import Question
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.error_replies import sentence_for
from cogs.shared.messages import Messages
from cogs.shared.plainer import Plainer, send_plainer_if_refused
from cogs.ui.cards import progress_card
from cogs.ui.text import SENTENCE_MAX, cut

log = structlog.get_logger(__name__)

REFUSAL_SECONDS = 15.0  # it cannot be private here, so it does not stay
_NO_MENTIONS = discord.AllowedMentions.none()


class Replies:
    """Draws for people who react or mention, and answers them in replies."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot
        self._mailbox = Messages(bot)
        self._removals: set[asyncio.Task[None]] = set()

    async def draw(self, caller: Caller, draft: ImagineDraft) -> UUID | None:
        """Answer with a card and begin the picture, or say in a short reply why not; return the reservation's id.

        An event that was told twice has its picture already, and no second answer. What was given back counts as one,
        so that the same reaction after it is known to be another.
        """
        try:
            await caller.check(self._bot.place_permissions)
            generation = await self._bot.generations.reserve(draft, caller.origin)
        except AlreadyReserved as cause:
            log.info("duplicate_event", cause=str(cause))
            return cause.generation_id
        except Exception as error:  # noqa: BLE001  (nothing above this listener would tell the person)
            await self.refuse(caller, sentence_for(error, "answering a reaction or a mention"))
            return None
        try:
            card_id = await self._post_card(generation)
        except Exception as error:  # noqa: BLE001  (what was reserved is given back, and the person told)
            await self._bot.generations.abandon(generation)
            await self.refuse(caller, sentence_for(error, "answering a reaction or a mention"))
            return generation.id
        await self._bot.generations.begin(generation, card_id)
        return generation.id

    async def _post_card(self, generation: Generation) -> int | None:
        """Post the card and return its id; None if it cannot be told, or if the picture has to find another way."""
        card = progress_card(generation.request.prompt, Queued(), generation.usual_seconds)
        try:
            return await self._mailbox.post_card(generation, card)
        except (Refused, DeliveryUnavailable) as cause:
            log.warning("answer_in_doubt", generation=str(generation.id), cause=str(cause))
            return None

    async def refuse(self, caller: Caller, sentence: str) -> None:
        """Reply with a sentence, without a ping, and take it away again."""
        await self._say(caller, sentence, delete_after=REFUSAL_SECONDS)

    async def explain(self, caller: Caller, sentence: str) -> None:
        """Reply with a sentence, without a ping."""
        await self._say(caller, sentence)

    async def ask(self, caller: Caller, sentence: str, question: Question) -> None:
        """Reply with a question, without a ping."""
        question.message = await self._say(caller, sentence, question=question)

    async def _say(
        self, caller: Caller, sentence: str, *, delete_after: float | None = None, question: ui.View | None = None
    ) -> discord.Message | None:
        """Reply, and return the message if Discord took it."""
        reference = discord.MessageReference(
            message_id=caller.message_id, channel_id=caller.channel_id, fail_if_not_exists=False
        )
        # Two processes that hear of one message give it one answer; a reaction may be put there again.
        nonce = token_hex(8) if caller.event.is_repeatable else f"r{caller.message_id}"

        words = cut(sentence, SENTENCE_MAX)

        async def send(plainer: Plainer) -> discord.Message:
            view = plainer(question or ui.View())
            with translate_discord_errors():
                return await caller.channel.send(
                    words,
                    reference=reference,
                    view=view,
                    nonce=nonce,
                    allowed_mentions=_NO_MENTIONS,
                )

        try:
            reply = await send_plainer_if_refused(send)
        except (Refused, DeliveryUnavailable) as cause:
            log.info("reply_not_sent", cause=str(cause))
            return None
        if delete_after is not None:
            removals = asyncio.create_task(_fade(reply, delete_after))
            self._removals.add(removals)
            removals.add_done_callback(self._removals.discard)
        return reply


async def _fade(message: discord.Message, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await delete_messages(message)


async def delete_messages(message: discord.Message) -> None:
    """Delete a message of the bot's that says nothing any more, if it can be done."""
    try:
        with translate_discord_errors():
            await message.delete()
    except (Refused, DeliveryUnavailable) as cause:
        log.info("reply_not_deleted", cause=str(cause))
