"""`/queue`: the pictures that are being made, with a way to cancel those that wait."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Self
from uuid import UUID

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.errors import UserFacingError
from bot.generation.library import PictureLibrary, PicturesUnderWay, PictureUnknown
from bot.i18n import _
from bot.picture.progress import Progress
from cogs.pictures.cancel import Cancel
from cogs.pictures.queue_view import QueueShown, queue_card, stage_of
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.moderators import moderates_server
from cogs.shared.persistent import PersistentItem, cog_of

_BUTTONS_A_ROW = 5  # Discord's bound


class OthersQueue(UserFacingError):
    """Refuse to show everyone's pictures to a member who does not moderate."""

    def __init__(self) -> None:
        super().__init__(
            _("Only moderators with **Manage Messages** or **Manage Server** can see everyone's pictures.")
        )


class Queue(commands.Cog):
    """Shows pictures under way, and cancels chosen ones."""

    def __init__(self, library: PictureLibrary, cancel: Cancel, progress_of: Callable[[UUID], Progress | None]) -> None:
        self._library = library
        self._cancel = cancel
        self._progress_of = progress_of

    @app_commands.command()
    @app_commands.describe(everyone="For moderators: show everyone's pictures on this server")
    async def queue(self, interaction: ImagineInteraction, *, everyone: bool = False) -> None:
        """Show your pictures in progress, and cancel those that are still waiting."""
        _check_may_look(interaction, everyone=everyone)
        await defer(interaction)
        await self._show(interaction, everyone=everyone)

    async def cancel(self, interaction: ImagineInteraction, generation_id: UUID, *, everyone: bool) -> None:
        """Cancel a picture of the list, and show the list as it is then."""
        _check_may_look(interaction, everyone=everyone)
        await defer(interaction, thinking=False)
        try:
            generation = await self._library.find(generation_id)
            if generation.origin.server_key != origin_of(interaction).server_key:
                raise PictureUnknown
            await self._cancel.from_list(interaction, generation)
        finally:
            await self._show(interaction, everyone=everyone)

    async def _show(self, interaction: ImagineInteraction, *, everyone: bool) -> None:
        viewer_id = interaction.user.id
        server_key = origin_of(interaction).server_key
        under_way = await self._library.under_way(server_key, None if everyone else viewer_id)
        stages = [stage_of(each, place, self._progress_of(each.id)) for place, each in under_way.pictures]
        shown = QueueShown(under_way, stages, viewer_id, everyone)
        await show(interaction, queue_card(shown, list(queue_rows(under_way, everyone=everyone))))


class QueueCancelButton(
    PersistentItem[ui.Button[ui.LayoutView]], template=r"q:(?P<whose>mine|everyone):(?P<id>[0-9a-f]{32})"
):
    """A button that cancels one picture of a list, which it then shows again."""

    def __init__(self, generation_id: UUID, *, everyone: bool, number: int | None = None) -> None:
        whose = "everyone" if everyone else "mine"
        label = None if number is None else _("Cancel {number}", number=number)
        super().__init__(ui.Button(label=label, emoji="❌", custom_id=f"q:{whose}:{generation_id.hex}"))
        self._generation_id = generation_id
        self._everyone = everyone

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(UUID(hex=match["id"]), everyone=match["whose"] == "everyone")

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel the picture."""
        await cog_of(interaction, Queue).cancel(interaction, self._generation_id, everyone=self._everyone)


def _check_may_look(interaction: ImagineInteraction, *, everyone: bool) -> None:
    if everyone and not moderates_server(interaction):
        raise OthersQueue


def queue_rows(under_way: PicturesUnderWay, *, everyone: bool) -> Iterator[ui.ActionRow[ui.LayoutView]]:
    """Return a Cancel button for each picture that can be cancelled, numbered like its line."""
    numbered = enumerate((generation for _place, generation in under_way.pictures), start=1)
    waiting = [(number, each) for number, each in numbered if each.can_be_cancelled]
    for start in range(0, len(waiting), _BUTTONS_A_ROW):
        row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
        for number, each in waiting[start : start + _BUTTONS_A_ROW]:
            row.add_item(QueueCancelButton(each.id, everyone=everyone, number=number))
        yield row
