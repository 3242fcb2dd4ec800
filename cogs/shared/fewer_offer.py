"""The refusal where limits leave fewer pictures than were asked for: the reason, and a button for fewer."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import discord
from discord import ui

from bot.i18n import ngettext
from bot.limits.policy import LimitExceeded
from cogs.ui.refusals import refusal_sentence

_SECONDS: Final = 600.0

Start = Callable[[discord.Interaction[Any], int], Awaitable[None]]


class FewerOffer(ui.LayoutView):
    """A private refusal with a button that asks for as many pictures as are allowed; it works once."""

    def __init__(self, refused: LimitExceeded, start: Start) -> None:
        super().__init__(timeout=_SECONDS)
        self._start = start
        self._count = refused.fits
        label = ngettext("Make {count} picture", "Make {count} pictures", self._count)
        button: ui.Button[FewerOffer] = ui.Button(label=label, style=discord.ButtonStyle.primary)
        button.callback = self._press  # type: ignore[method-assign]  # discord.py's own way
        row: ui.ActionRow[FewerOffer] = ui.ActionRow()
        self.add_item(ui.Container(ui.TextDisplay(refusal_sentence(refused)), row.add_item(button)))

    async def _press(self, interaction: discord.Interaction[Any]) -> None:
        self.stop()
        await self._start(interaction, self._count)
