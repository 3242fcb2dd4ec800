"""`/privacy`: a copy of everything that is stored about a member, and its deletion."""

import re
from typing import Any, Self

import discord
from discord import app_commands, ui
from discord.app_commands import Range, locale_str
from discord.ext import commands

from bot.errors import UserFacingError
from bot.i18n import _
from bot.privacy.erasure import Erasure
from bot.privacy.export import Exporter
from cogs.privacy.views import done_words, export_card, export_name, question_text
from cogs.shared.access import ImagineInteraction, check_place
from cogs.shared.answers import defer, say, show
from cogs.shared.cancel import CancelButton
from cogs.shared.file_limits import REQUEST_MAX_BYTES
from cogs.shared.persistent import PersistentItem, cog_of
from cogs.ui.notes import note

_PARTS_MAX = 10_000


class NotYours(UserFacingError):
    """Refuse to delete another member's data."""

    def __init__(self) -> None:
        super().__init__(_("This question was for another member. Use `/privacy delete` for your own data."))


class UnderWay(UserFacingError):
    """Refuse a second copy while a first one is being made."""

    def __init__(self) -> None:
        super().__init__(_("I'm already preparing your copy. Please wait a moment."))


class Privacy(commands.GroupCog, name="privacy", group_description=locale_str("What I store about you")):
    """Gives members their stored data, or deletes it."""

    def __init__(self, exporter: Exporter, erasure: Erasure) -> None:
        self.erasure = erasure
        self._exporter = exporter
        self._exporting: set[int] = set()

    @app_commands.command()
    @app_commands.describe(part="Which part to get, if your data doesn't fit into one file")
    async def export(self, interaction: ImagineInteraction, part: Range[int, 1, _PARTS_MAX] = 1) -> None:
        """Get a copy of everything I store about you. Only you can see it."""
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
        """Delete everything I store about you. You confirm first."""
        check_place(interaction.client.settings, interaction.guild_id)
        row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
        row.add_item(ForgetButton(interaction.user.id))
        row.add_item(CancelButton())
        await say(interaction, note(question_text(), [row]))

    async def _send_copy(self, interaction: ImagineInteraction, part: int) -> None:
        limit_bytes = min(interaction.filesize_limit, REQUEST_MAX_BYTES)
        async with self._exporter.export(interaction.user.id, part, limit_bytes) as export:
            await show(interaction, export_card(export), lambda: [discord.File(export.path, export_name(export))])


class ForgetButton(PersistentItem[ui.Button[ui.LayoutView]], template=r"privacy:forget:(?P<user>[0-9]{1,20})"):
    """The button that deletes everything about the member who was asked."""

    def __init__(self, user_id: int) -> None:
        super().__init__(
            ui.Button(
                label=_("Delete everything"), style=discord.ButtonStyle.danger, custom_id=f"privacy:forget:{user_id}"
            )
        )
        self._user_id = user_id

    @classmethod
    async def from_custom_id(cls, _i: discord.Interaction, _b: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
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
