"""`/privacy`: a person's own copy of everything that is stored of them, and its deletion."""

import re
from typing import Any, Self

import discord
from discord import app_commands, ui
from discord.app_commands import Range
from discord.ext import commands

from bot.errors import UserFacingError
from bot.privacy.erasure import Erasure
from bot.privacy.export import Exporter
from cogs.privacy.views import QUESTION, done_words, export_card, export_name
from cogs.shared.access import ImagineInteraction, check_place
from cogs.shared.answers import defer, say, show
from cogs.shared.persistent import PersistentItem, cog_of
from cogs.ui.notes import note

_PARTS_MAX = 10_000
_REQUEST_MAX_BYTES = 25 * 1024 * 1024  # Discord's bound for a whole message, also where a file may be larger


class NotYours(UserFacingError):
    """Refuse to delete another person's data."""

    def __init__(self) -> None:
        super().__init__("That question was somebody else's. Type `/privacy delete` for your own.")


class UnderWay(UserFacingError):
    """Refuse a second copy while a first one is being made."""

    def __init__(self) -> None:
        super().__init__("Your copy is being made already. Please wait for it.")


class Privacy(commands.GroupCog, name="privacy", description="What I keep of you"):
    """Gives people their stored data, or deletes it."""

    def __init__(self, exporter: Exporter, erasure: Erasure) -> None:
        self.erasure = erasure
        self._exporter = exporter
        self._exporting: set[int] = set()

    @app_commands.command()
    @app_commands.describe(part="Which part, where it does not fit into one file")
    async def export(self, interaction: ImagineInteraction, part: Range[int, 1, _PARTS_MAX] = 1) -> None:
        """Get a copy of everything that I keep of you, for your eyes only."""
        check_place(interaction.client.settings, interaction.guild_id)
        await defer(interaction)
        user_id = interaction.user.id
        if user_id in self._exporting:
            raise UnderWay
        self._exporting.add(user_id)
        try:
            await self._send_copy(interaction, part)
        finally:
            self._exporting.remove(user_id)

    @app_commands.command()
    async def delete(self, interaction: ImagineInteraction) -> None:
        """Have everything deleted that I keep of you, after one question."""
        check_place(interaction.client.settings, interaction.guild_id)
        row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
        row.add_item(ForgetButton(interaction.user.id))
        await say(interaction, note(QUESTION, [row]))

    async def _send_copy(self, interaction: ImagineInteraction, part: int) -> None:
        limit_bytes = min(interaction.filesize_limit, _REQUEST_MAX_BYTES)
        async with self._exporter.export(interaction.user.id, part, limit_bytes) as export:
            await show(interaction, export_card(export), lambda: [discord.File(export.path, export_name(export))])


class ForgetButton(PersistentItem[ui.Button[ui.LayoutView]], template=r"privacy:forget:(?P<user>[0-9]{1,20})"):
    """The button that deletes everything of the one person who was asked."""

    def __init__(self, user_id: int) -> None:
        super().__init__(
            ui.Button(
                label="Delete everything", style=discord.ButtonStyle.danger, custom_id=f"privacy:forget:{user_id}"
            )
        )
        self._user_id = user_id

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(int(match["user"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Delete, say so in the question's place, and then take the messages away."""
        self._check_is_asked(interaction.user)
        await defer(interaction, thinking=False)
        erasure = cog_of(interaction, Privacy).erasure
        forgotten = await erasure.forget(self._user_id)
        await show(interaction, note(done_words(forgotten)))
        await erasure.go_on()

    def _check_is_asked(self, user: discord.abc.User) -> None:
        if user.id != self._user_id:
            raise NotYours
