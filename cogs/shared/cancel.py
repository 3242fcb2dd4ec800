"""The button beside a red one: it leaves everything as it is."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.i18n import _
from cogs.shared.answers import answer_first
from cogs.shared.persistent import PersistentItem
from cogs.ui.notes import note


class CancelButton(PersistentItem[ui.Button[ui.LayoutView]], template="cancel"):
    """Puts a short sentence in a private question's place."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label=_("Cancel"), custom_id="cancel"))

    @classmethod
    async def from_custom_id(cls, _i: discord.Interaction, _b: ui.Item[ui.LayoutView], _m: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls()

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Say that nothing was changed, and take the buttons away."""
        words = note(_("Cancelled. Nothing was changed."))
        await answer_first(interaction, lambda: interaction.response.edit_message(view=words))
