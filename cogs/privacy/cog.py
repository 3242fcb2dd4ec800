"""`/privacy`: a copy of everything that is stored about a member, and its deletion."""

import re
from typing import Any, Self

import discord
import structlog
from discord import app_commands, ui
from discord.app_commands import Range, locale_str
from discord.ext import commands

from bot.errors import UserFacingError
from bot.gateway.client import ImagineBot
from bot.i18n import _
from bot.picture.generation import Generation
from bot.privacy.erasure import OutOfReach
from cogs.privacy.views import done_words, export_card, export_name, question_text
from cogs.shared.access import ImagineInteraction, check_place
from cogs.shared.answers import defer, say, show
from cogs.shared.backoff import Backoff
from cogs.shared.cancel import CancelButton
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.persistent import PersistentItem
from cogs.ui.notes import note

log = structlog.get_logger(__name__)

_PARTS_MAX = 10_000
_PAUSE_SECONDS = 3600.0  # before a message is tried again that Discord does not let be deleted
_REQUEST_MAX_BYTES = 25 * 1024 * 1024  # Discord's bound for a whole message, also where a file may be larger


class NotYours(UserFacingError):
    """Refuse to delete another member's data."""

    def __init__(self) -> None:
        super().__init__(_("This question was for another member. Use `/privacy delete` for your own data."))


class UnderWay(UserFacingError):
    """Refuse a second copy while a first one is being made."""

    def __init__(self) -> None:
        super().__init__(_("I'm already preparing your copy. Please wait a moment."))


class Privacy(commands.GroupCog, name="privacy", group_description=locale_str("What I store about you")):
    """Exports or deletes a member's data, and deletes the bot's messages for that."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot
        self._exporting: set[int] = set()
        self._quiet = Backoff(_PAUSE_SECONDS)

    async def cog_load(self) -> None:
        """Let the erasure delete messages, and make the question's button work after a restart."""
        self._bot.generations.privacy.erasure.delete_messages_through(self)
        self._bot.add_dynamic_items(ForgetButton)

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
        """Delete everything I store about you. I ask before I delete anything."""
        check_place(interaction.client.settings, interaction.guild_id)
        row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
        row.add_item(ForgetButton(interaction.user.id))
        row.add_item(CancelButton())
        await say(interaction, note(question_text(), [row]))

    async def delete_messages(self, generation: Generation) -> None:
        """Delete the messages that show a picture, if they are there; raise `OutOfReach` or `DeliveryUnavailable`."""
        picture, card = (generation.shown_in, generation.message_id), (generation.origin.channel_id, generation.card_id)
        for channel_id, message_id in dict.fromkeys((picture, card)):
            if message_id is not None:
                await self._delete(channel_id, message_id)

    async def _send_copy(self, interaction: ImagineInteraction, part: int) -> None:
        exporter = self._bot.generations.privacy.exporter
        limit_bytes = min(interaction.filesize_limit, _REQUEST_MAX_BYTES)
        async with exporter.export(interaction.user.id, part, limit_bytes) as export:
            await show(interaction, export_card(export), lambda: [discord.File(export.path, export_name(export))])

    async def _delete(self, channel_id: int, message_id: int) -> None:
        """Delete one message, if it is there; raise `OutOfReach` for a while after Discord refused."""
        if self._quiet.holds(channel_id, message_id):
            raise OutOfReach("Discord refused lately")
        try:
            with translate_discord_errors():
                await self._bot.get_partial_messageable(channel_id).get_partial_message(message_id).delete()
        except Refused as refused:
            if refused.is_gone:
                log.info("message_already_deleted", channel=channel_id)
                return
            log.info("message_unreachable", channel=channel_id, code=refused.code)
            self._quiet.begin(channel_id if refused.is_forbidden else message_id)
            raise OutOfReach(str(refused)) from None


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
        erasure = interaction.client.generations.privacy.erasure
        forgotten = await erasure.forget(self._user_id)
        await show(interaction, note(done_words(forgotten)))
        await erasure.go_on()

    def _check_is_asked(self, user: discord.abc.User) -> None:
        if user.id != self._user_id:
            raise NotYours


async def setup(bot: ImagineBot) -> None:
    """Add this cog."""
    await bot.add_cog(Privacy(bot))
