"""Answers where there is no interaction: a card as a reply, and refusals that go away by themselves."""

import aiohttp
import discord
import structlog
from discord import ui

from bot.client import ImagineBot
from bot.generation.wish import Wish
from bot.picture.progress import Queued
from cogs.doors import Caller
from cogs.mailbox import Mailbox
from cogs.telling import sentence_for
from cogs.ui.asking import Question
from cogs.ui.cards import progress_card
from cogs.ui.words import SENTENCE_MAX, cut

log = structlog.get_logger(__name__)

REFUSAL_SECONDS = 15.0  # it cannot be private here, so it does not stay
_NO_MENTIONS = discord.AllowedMentions.none()


class Replies:
    """Draws for people who react or mention, and answers them in replies."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot
        self._mailbox = Mailbox(bot)

    async def draw(self, caller: Caller, wish: Wish) -> None:
        """Answer with a card and begin the picture, or say in a short reply why not."""
        try:
            await caller.check(self._bot.permits)
            generation = await self._bot.generations.reserve(wish, caller.origin)
        except Exception as error:  # noqa: BLE001  (nothing above this listener would tell the person)
            await self.refuse(caller, sentence_for(error, "answering a reaction or a mention"))
            return
        card = progress_card(generation.request.prompt, Queued(), generation.created_at, generation.usual_seconds)
        card_id = None
        try:
            card_id = await self._mailbox.post_card(generation, card)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as cause:
            log.warning("answer_in_doubt", generation=str(generation.id), cause=type(cause).__name__)
        await self._bot.generations.begin(generation, card_id)

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
        view = question or ui.View()
        try:
            shown = cut(sentence, SENTENCE_MAX)
            reply = await caller.channel.send(shown, reference=reference, view=view, allowed_mentions=_NO_MENTIONS)
            if delete_after is not None:
                await reply.delete(delay=delete_after)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as cause:
            log.info("reply_not_shown", cause=type(cause).__name__)
            return None
        return reply


async def take_away(message: discord.Message) -> None:
    """Delete a message of the bot's that says nothing any more, if it can be done."""
    try:
        await message.delete()
    except (discord.HTTPException, aiohttp.ClientError, OSError) as cause:
        log.info("reply_not_taken_away", cause=type(cause).__name__)
