"""The buttons and the menu below the pictures of one command."""

import re
from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

import discord
from discord import ui

from bot.i18n import _
from bot.picture.generation import Generation
from cogs.shared.persistent import PersistentItem
from cogs.shared.picture_buttons import PictureActions, button_row
from cogs.ui.picture_buttons import Action, button_of, failure_buttons

_TEMPLATE = r"batch:(?P<id>[0-9a-f]{32})"


class BatchMenu(PersistentItem[ui.Select[ui.LayoutView]], template=_TEMPLATE):
    """A menu that leads to the buttons of one of several pictures."""

    def __init__(self, batch_id: UUID, options: Sequence[discord.SelectOption] = ()) -> None:
        menu: ui.Select[ui.LayoutView] = ui.Select(
            custom_id=f"batch:{batch_id.hex}", placeholder=_("Choose a picture…"), options=list(options)
        )
        super().__init__(menu)

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the menu that was used, on whatever message, however old."""
        return cls(UUID(hex=match["id"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Show the buttons of the chosen picture."""
        actions = interaction.client.get_cog(PictureActions.__name__)
        if not isinstance(actions, PictureActions):
            raise TypeError(f"the cog PictureActions is {actions!r}")
        await actions.run(Action.CHOOSE, interaction, UUID(hex=self.item.values[0]))


def batch_rows(pictures: Sequence[Generation], shown: Sequence[Generation]) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return the rows below a batch: a menu of the pictures shown, and Cancel or Reroll all."""
    rows: list[ui.ActionRow[ui.LayoutView]] = []
    if shown:
        rows.append(menu_row(shown))
    if waiting := [each for each in pictures if each.can_be_cancelled]:
        rows.append(button_row(waiting[0], [button_of(Action.CANCEL_ALL)]))
    elif shown:
        rows.append(button_row(shown[0], [button_of(Action.REROLL_ALL)]))
    elif all(each.failure is not None for each in pictures):
        rows += _rows_of_failures(pictures)
    return rows


def menu_row(shown: Sequence[Generation]) -> ui.ActionRow[ui.LayoutView]:
    """Return the menu of some pictures that share a card."""
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    return row.add_item(BatchMenu(shown[0].card_key, [_option(each) for each in shown]))


def _rows_of_failures(pictures: Sequence[Generation]) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return the button below a batch without a picture, if one can help the first of them."""
    for each in pictures:
        if each.failure is not None and (buttons := failure_buttons(each.failure)):
            return [button_row(each, buttons)]
    return []


def _option(picture: Generation) -> discord.SelectOption:
    place = 0 if picture.batch is None else picture.batch.place
    return discord.SelectOption(label=_("Picture {place}", place=place), value=picture.id.hex)
