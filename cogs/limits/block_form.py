"""*Block from drawing* in a user's menu: a form for how long and why, with the checks of `/limits block`."""

from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.gateway.client import ImagineBot
from bot.i18n import N_, _
from bot.limits.bounds import REASON_MAX
from bot.limits.moderation import Moderation
from cogs.limits.access import UNTIL_MAX, block_member
from cogs.shared.access import ImagineInteraction
from cogs.shared.answers import FORM_KEPT_SECONDS, open_form
from cogs.shared.error_replies import errors_answered
from cogs.shared.moderators import check_moderator, moderators_menu


class BlockForm(ui.Modal):
    """Asks for how long to block a member, and why."""

    def __init__(self, member_id: int, moderation: Moderation) -> None:
        super().__init__(title=_("Block from drawing"), timeout=FORM_KEPT_SECONDS)
        self._member_id = member_id
        self._moderation = moderation
        self._until: ui.TextInput[BlockForm] = ui.TextInput(required=False, max_length=UNTIL_MAX, placeholder="3d")
        self._reason: ui.TextInput[BlockForm] = ui.TextInput(
            required=False, max_length=REASON_MAX, style=discord.TextStyle.paragraph
        )
        until = _("For example 2h, 3d or 2030-12-31. Empty = permanent")
        self.add_item(ui.TextDisplay(_("You're blocking {member}.", member=f"<@{member_id}>")))
        self.add_item(ui.Label(text=_("How long"), description=until, component=self._until))
        self.add_item(ui.Label(text=_("Reason"), description=_("Shown to the member"), component=self._reason))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Block the member; if that fails, return the typed reason."""
        reason, until = self._reason.value.strip(), self._until.value.strip()
        async with errors_answered(interaction, lambda: reason):
            check_moderator(interaction)
            await block_member(self._moderation, interaction, self._member_id, reason, until or None)


class BlockMenu(commands.Cog):
    """Opens the form from a user's menu."""

    def __init__(self, bot: ImagineBot, moderation: Moderation) -> None:
        self._bot = bot
        self._moderation = moderation
        self._menu = moderators_menu(N_("Block from drawing"), self._open)

    async def cog_load(self) -> None:
        """Put the command into the menu of users."""
        self._bot.tree.add_command(self._menu)

    async def _open(self, interaction: ImagineInteraction, member: discord.User) -> None:
        check_moderator(interaction)
        await open_form(interaction, BlockForm(member.id, self._moderation))
