"""The buttons below a picture or a prompt in its review channel."""

import re
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID

import discord
from discord import ui

from bot.i18n import N_, _
from cogs.review.cog import ReviewCog
from cogs.shared.persistent import PersistentItem, cog_of


class Choice(StrEnum):
    """The buttons of moderators; the values are part of custom ids."""

    APPROVE = "approve"
    REJECT = "reject"
    BLOCK = "block"


_LABELS: Final = {
    Choice.APPROVE: N_("Approve"),
    Choice.REJECT: N_("Reject…"),
    Choice.BLOCK: N_("Reject and block…"),
}
_STYLES: Final = {
    Choice.APPROVE: discord.ButtonStyle.success,
    Choice.REJECT: discord.ButtonStyle.secondary,
    Choice.BLOCK: discord.ButtonStyle.danger,
}


class ReviewButton(
    PersistentItem[ui.Button[ui.LayoutView]], template=r"review:(?P<choice>approve|reject|block):(?P<id>[0-9a-f]{32})"
):
    """A button that knows a picture and what to decide about it."""

    def __init__(self, choice: Choice, generation_id: UUID) -> None:
        custom_id = f"review:{choice}:{generation_id.hex}"
        super().__init__(ui.Button(label=_(_LABELS[choice]), style=_STYLES[choice], custom_id=custom_id))
        self._choice = choice
        self._generation_id = generation_id

    @classmethod
    async def from_custom_id(cls, _i: discord.Interaction, _b: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed, on whatever message, however old."""
        return cls(Choice(match["choice"]), UUID(hex=match["id"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Approve, or ask for the reason first."""
        cog = cog_of(interaction, ReviewCog)
        match self._choice:
            case Choice.APPROVE:
                await cog.approve(interaction, self._generation_id)
            case Choice.REJECT | Choice.BLOCK:
                await cog.ask_for_reason(interaction, self._generation_id, blocks=self._choice is Choice.BLOCK)


def review_row(generation_id: UUID) -> ui.ActionRow[ui.LayoutView]:
    """Return the buttons."""
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for choice in Choice:
        row.add_item(ReviewButton(choice, generation_id))
    return row
