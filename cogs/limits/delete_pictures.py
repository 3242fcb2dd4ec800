"""`/delete-pictures` and *Delete pictures* in a user's menu: the pictures that a member made lately, for moderators."""

import re
from collections.abc import Mapping
from typing import Any, Final, Self

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.gateway.client import ImagineBot
from bot.i18n import N_
from bot.picture.picture_counts import PictureCounts
from bot.privacy.picture_removal import Lately, PictureRemoval
from cogs.limits.delete_pictures_view import begun_words, button_label, nothing_words, question_text
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.cancel import CancelButton
from cogs.shared.moderators import MODERATORS, check_moderator, moderators_menu
from cogs.shared.persistent import PersistentItem, cog_of
from cogs.ui.notes import note

_COMMAND: Final = "/delete-pictures"


class DeletePictures(commands.Cog):
    """Asks once, and deletes."""

    def __init__(self, bot: ImagineBot, removal: PictureRemoval) -> None:
        self._bot = bot
        self._removal = removal
        self._menu = moderators_menu(N_("Delete pictures"), self._open)

    async def cog_load(self) -> None:
        """Put the command into the menu of users."""
        self._bot.tree.add_command(self._menu)

    @app_commands.command(name="delete-pictures")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(MODERATORS)
    @app_commands.describe(member="Member whose latest pictures to delete")
    async def delete_pictures(self, interaction: ImagineInteraction, member: discord.User) -> None:
        """Delete a member's pictures of the last hour or day. You confirm first."""
        await self._ask(interaction, member.id)

    async def _open(self, interaction: ImagineInteraction, member: discord.User) -> None:
        await self._ask(interaction, member.id)

    async def _ask(self, interaction: ImagineInteraction, user_id: int) -> None:
        check_moderator(interaction)
        await defer(interaction)
        server_key = origin_of(interaction).server_key
        counts = {lately: await self._removal.counts(server_key, user_id, lately) for lately in Lately}
        if not counts[Lately.DAY].total:
            await show(interaction, note(nothing_words(user_id)))
            return
        await show(interaction, note(question_text(user_id, counts), [_row(user_id, counts)]))

    async def delete(self, interaction: ImagineInteraction, user_id: int, lately: Lately) -> None:
        """Delete the pictures, say so in the question's place, and then delete files and messages."""
        check_moderator(interaction)
        await defer(interaction, thinking=False)
        server_key = origin_of(interaction).server_key
        begun = await self._removal.begin(server_key, user_id, lately, interaction.user.id, _COMMAND)
        await show(interaction, note(nothing_words(user_id) if begun is None else begun_words(user_id, begun)))
        await self._removal.go_on()


class DeletePicturesButton(
    PersistentItem[ui.Button[ui.LayoutView]], template=r"remove:(?P<hours>1|24):(?P<user>[0-9]{1,20})"
):
    """The button that deletes a member's pictures of the last hour or day."""

    def __init__(self, user_id: int, lately: Lately, count: int = 0) -> None:
        super().__init__(
            ui.Button(
                label=button_label(lately, count),
                style=discord.ButtonStyle.danger,
                custom_id=f"remove:{lately.value}:{user_id}",
            )
        )
        self._user_id = user_id
        self._lately = lately

    @classmethod
    async def from_custom_id(cls, _i: discord.Interaction, _b: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(int(match["user"]), Lately(int(match["hours"])))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Delete the pictures."""
        await cog_of(interaction, DeletePictures).delete(interaction, self._user_id, self._lately)


def _row(user_id: int, counts: Mapping[Lately, PictureCounts]) -> ui.ActionRow[ui.LayoutView]:
    """Return a button for each time that has pictures of its own, and Cancel."""
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for lately, count in counts.items():
        if count.total:
            row.add_item(DeletePicturesButton(user_id, lately, count.total))
    row.add_item(CancelButton())
    return row
