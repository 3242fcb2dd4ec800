"""The message that several pictures share: changed as it is now, looked for, or posted again."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress

import discord

from bot.gateway.undocumented import ORIGINAL
from bot.generation.discord_port import Posted
from bot.picture.generation import Generation
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.messages import CardGone, Messages, OutgoingMessage, by_interaction
from cogs.shared.plainer import Plainer


class BatchMessages(Messages):
    """Changes shared cards, beside what all messages need."""

    async def change_card(
        self, generation: Generation, change: Callable[[Sequence[discord.Attachment]], OutgoingMessage]
    ) -> Posted:
        """Edit a card as `change` composes it from the files that it has; raise `CardGone` if it is out of reach.

        By the interaction's token, or else by the bot's own.
        """
        message = await self._seen(generation)
        plainer = Plainer()
        while True:
            with plainer:
                shown = change(message.attachments).made(plainer)
                attachments: list[discord.Attachment | discord.File] = [*shown.kept, *shown.files]
                with by_interaction():
                    if isinstance(message, discord.WebhookMessage):
                        await self._webhook(generation).edit_message(ORIGINAL, view=shown.card, attachments=attachments)
                    else:
                        mentions = self._bot.allowed_mentions
                        await message.edit(view=shown.card, attachments=attachments, allowed_mentions=mentions)
                    return Posted(generation.origin.channel_id, message.id)

    async def post_in_channel(self, generation: Generation, outgoing: Callable[[], OutgoingMessage]) -> Posted:
        """Post into the channel; raise `CardGone` if it is closed, or if the picture is private."""
        if generation.request.private:
            raise CardGone("a private picture isn't for the channel")
        try:
            return await self._send(generation, outgoing, generation.short_id)
        except Refused as cause:
            raise CardGone(str(cause), cause.status, cause.code) from None

    async def find_any(self, generation: Generation, marks: AbstractSet[str]) -> Posted | None:
        """Return the latest message in the channel that has a file of one of several pictures, or None."""
        with suppress(Refused), translate_discord_errors():
            return await self._latest_with(generation, marks)
        return None

    async def _seen(self, generation: Generation) -> discord.Message:
        """Return the card as Discord has it; raise `CardGone`."""
        with suppress(CardGone), by_interaction():
            return await self._webhook(generation).fetch_message(ORIGINAL)
        if generation.card_id is None:
            raise CardGone("there is no card")
        with translate_discord_errors(CardGone):
            return await self._channel(generation).fetch_message(generation.card_id)
