"""A confirmation with two buttons, private or in a reply."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

import discord
from discord import ui

from bot.i18n import _
from bot.i18n.speech import in_public
from cogs.shared.answers import answer_first, say_words

Answered = Callable[[discord.Interaction[Any]], Awaitable[None]]
TakeAway = Callable[[discord.Message], Awaitable[None]]


class Question(ui.View):
    """Two buttons below a question: one goes on, the other cancels; nobody else may answer.

    Its `message`, once there is one, is deleted when the answer was yes, or when none came in time.
    """

    def __init__(
        self, asked: int, go_on: str, answered: Answered, delete_messages: TakeAway, timeout_seconds: float = 600.0
    ) -> None:
        super().__init__(timeout=timeout_seconds)
        self.message: discord.Message | None = None
        self._asked = asked
        self._answered = answered
        self._delete_messages = delete_messages
        yes: ui.Button[Question] = ui.Button(label=go_on, style=discord.ButtonStyle.primary)
        no: ui.Button[Question] = ui.Button(label=_("Cancel"), style=discord.ButtonStyle.secondary)
        yes.callback, no.callback = self._go_on, self._cancel  # type: ignore[method-assign]  # discord.py's own way
        self.add_item(yes)
        self.add_item(no)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Allow only the person who was asked."""
        if interaction.user.id == self._asked:
            return True
        await say_words(interaction, _("Only the person who was asked can answer that."))
        return False

    async def on_timeout(self) -> None:
        """Delete the message, so that no buttons are left that do nothing."""
        if self.message is not None:
            await self._delete_messages(self.message)

    async def _go_on(self, interaction: discord.Interaction[Any]) -> None:
        self.stop()
        await self._answered(interaction)
        if self.message is not None:
            await self._delete_messages(self.message)

    async def _cancel(self, interaction: discord.Interaction[Any]) -> None:
        self.stop()
        is_private = interaction.message is not None and interaction.message.flags.ephemeral
        with nullcontext() if is_private else in_public():
            words = _("Cancelled. Nothing was charged.")
        await answer_first(interaction, lambda: interaction.response.edit_message(content=words, view=None))
