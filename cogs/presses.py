"""The buttons on pictures: one guarded kind, with no state but its `custom_id`, so that they outlive restarts."""

import re
from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

import discord
from discord import ui

from bot.client import ImagineBot
from bot.generation.album import PictureUnknown
from bot.picture.failure import Failure
from bot.picture.generation import Generation
from cogs.doors import ImagineInteraction
from cogs.telling import tell
from cogs.ui.buttons import Look, failure_looks, picture_looks

_TEMPLATE = r"p:(?P<action>[a-z]+):(?P<id>[0-9a-f]{32})"


class PictureButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=_TEMPLATE):
    """A button that acts on one picture: it names the action and the picture, and `bot.presses` knows who does it.

    discord.py only logs what a dynamic item raises; here everything that goes wrong reaches the person.
    """

    def __init__(self, action: str, generation_id: UUID, look: Look | None = None) -> None:
        look = look or Look(action)
        super().__init__(
            ui.Button(
                label=look.label,
                emoji=look.emoji,
                style=look.style,
                custom_id=f"p:{action}:{generation_id.hex}",
            )
        )
        self._action = action
        self._generation_id = generation_id

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed, on whatever message, however old."""
        return cls(match["action"], UUID(hex=match["id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Find the picture and do what the button says, or tell the person why not."""
        try:
            generation = await interaction.client.generations.album.find(self._generation_id)
            check_is_here(interaction, generation)
            await interaction.client.presses[self._action](interaction, generation)
        except Exception as error:  # noqa: BLE001  (a guard that let something through would be none)
            await tell(interaction, error)


def check_is_here(interaction: ImagineInteraction, generation: Generation) -> None:
    """Raise `PictureUnknown` for another server's picture, and for somebody else's private one.

    In direct messages, people have their own: those of servers too, which are sent there when nothing else is left.
    """
    origin = generation.origin
    own = interaction.user.id == origin.user_id
    here = origin.guild_id == interaction.guild_id or (own and interaction.guild_id is None)
    if not here or not (own or (origin.guild_id is not None and not generation.request.private)):
        raise PictureUnknown


def picture_rows(generation: Generation) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return the buttons below a picture."""
    return [button_row(generation, looks) for looks in picture_looks(generation)]


def failure_rows(generation: Generation, failure: Failure) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return the buttons below a reason why there is no picture, if any can help."""
    looks = failure_looks(failure)
    return [button_row(generation, looks)] if looks else []


def button_row(generation: Generation, looks: Sequence[Look]) -> ui.ActionRow[ui.LayoutView]:
    """Return buttons that act on a picture, in one row."""
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for look in looks:
        row.add_item(PictureButton(look.action, generation.id, look))
    return row


async def setup(bot: ImagineBot) -> None:
    """Have presses on pictures of any age found."""
    bot.add_dynamic_items(PictureButton)
