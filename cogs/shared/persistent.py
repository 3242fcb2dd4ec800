"""What is pressed on a message of any age: one guarded kind of buttons and menus, which outlive restarts."""

from abc import ABC, abstractmethod
from typing import Any, TypeVar, final

import discord
from discord import ui

from cogs.shared.error_replies import reply_with_error

ItemT = TypeVar("ItemT", bound=ui.Item[Any])


class PersistentItem(ui.DynamicItem[ItemT], ABC, template=r"(?!)"):  # nothing has this one: each kind has its own
    """A button or menu with no state but its `custom_id`.

    discord.py only logs what a dynamic item raises; here everything that goes wrong reaches the person.
    """

    @final
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the item is there for, or tell the person why not."""
        try:
            await self.press(interaction)
        except Exception as error:  # noqa: BLE001  (a guard that let something through would be none)
            await reply_with_error(interaction, error)

    @abstractmethod
    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the item is there for."""
