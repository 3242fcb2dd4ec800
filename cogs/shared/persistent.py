"""Buttons and menus that work on messages of any age, also after restarts."""

from abc import ABC, abstractmethod
from typing import Any, TypeVar, final

import discord
from discord import ui
from discord.ext import commands

from bot.gateway.undocumented import cog_name
from cogs.shared.error_replies import errors_answered

ItemT = TypeVar("ItemT", bound=ui.Item[Any])
CogT = TypeVar("CogT", bound=commands.Cog)


class PersistentItem(ui.DynamicItem[ItemT], ABC, template=r"(?!)"):  # nothing has this one: each kind has its own
    """A button or menu with no state but its `custom_id`.

    discord.py only logs what a dynamic item raises; here everything that goes wrong reaches the person.
    """

    @final
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the item is there for, or tell the person why not."""
        async with errors_answered(interaction):
            await self.press(interaction)

    @abstractmethod
    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the item is there for."""


def cog_of(interaction: discord.Interaction[Any], kind: type[CogT]) -> CogT:
    """Return the cog that a persistent item works for; discord.py builds the item, with the interaction only."""
    name = cog_name(kind)
    cog = interaction.client.get_cog(name)
    if not isinstance(cog, kind):
        raise TypeError(f"the cog {name} is {cog!r}")
    return cog
