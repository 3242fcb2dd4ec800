"""Buttons about one style, which outlive restarts."""

import re
from typing import Any, Protocol, Self, runtime_checkable

import discord
from discord import ui

from bot.i18n import _
from cogs.shared.access import ImagineInteraction
from cogs.shared.persistent import PersistentItem

_ID = r"(?P<id>[0-9]{1,9})"


@runtime_checkable
class StyleActions(Protocol):
    """Does what the buttons say; the cog of `/style`."""

    async def copy(self, interaction: ImagineInteraction, style_id: int, *, for_server: bool) -> None:
        """Copy a style to the member who pressed, or to the server's styles."""

    async def delete_now(self, interaction: ImagineInteraction, style_id: int) -> None:
        """Delete a style."""


def _actions(interaction: discord.Interaction[Any]) -> StyleActions:
    cog = interaction.client.get_cog("style")
    if not isinstance(cog, StyleActions):
        raise TypeError(f"the cog style is {cog!r}")
    return cog


class CopyStyleButton(PersistentItem[ui.Button[ui.LayoutView]], template=rf"style:(?P<to>copy|adopt):{_ID}"):
    """The button below a shared style that copies it as it is now."""

    def __init__(self, style_id: int, *, for_server: bool = False) -> None:
        label = _("Add to this server's styles") if for_server else _("Add to my styles")
        custom_id = f"style:{'adopt' if for_server else 'copy'}:{style_id}"
        super().__init__(ui.Button(label=label, custom_id=custom_id))
        self._style_id = style_id
        self._for_server = for_server

    @classmethod
    async def from_custom_id(cls, _i: discord.Interaction, _b: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(int(match["id"]), for_server=match["to"] == "adopt")

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Copy the style."""
        await _actions(interaction).copy(interaction, self._style_id, for_server=self._for_server)


class DeleteStyleButton(PersistentItem[ui.Button[ui.LayoutView]], template=rf"style:delete:{_ID}"):
    """The button that confirms a deletion."""

    def __init__(self, style_id: int) -> None:
        custom_id = f"style:delete:{style_id}"
        super().__init__(ui.Button(label=_("Delete"), style=discord.ButtonStyle.danger, custom_id=custom_id))
        self._style_id = style_id

    @classmethod
    async def from_custom_id(cls, _i: discord.Interaction, _b: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(int(match["id"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Delete the style."""
        await _actions(interaction).delete_now(interaction, self._style_id)
