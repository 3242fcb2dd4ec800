"""`/defaults`: a private card with a member's defaults, and the buttons that change them."""

import re
from typing import Any, Self

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.defaults.defaults import Defaults
from bot.i18n import _
from bot.picture.layers import Choices
from cogs.shared.access import ImagineInteraction, check_place, origin_of
from cogs.shared.answers import defer, open_form, say, show
from cogs.shared.defaults_form import Changes, DefaultsForm
from cogs.shared.persistent import PersistentItem, cog_of
from cogs.ui.defaults import DefaultsPart, own_defaults_card, part_label

_RESET = "reset"


class MemberDefaults(commands.Cog):
    """Shows and changes members' own defaults."""

    def __init__(self, defaults: Defaults) -> None:
        self.defaults = defaults

    @app_commands.command(name="defaults")
    async def show(self, interaction: ImagineInteraction) -> None:
        """Choose what applies to your new pictures unless you say otherwise."""
        check_place(interaction.client.settings, interaction.guild_id)
        await say(interaction, self.card(interaction))

    def card(self, interaction: ImagineInteraction) -> ui.LayoutView:
        """Return a member's defaults as they are now."""
        own = self.defaults.of_member(interaction.user.id)
        row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
        for part in DefaultsPart:
            row.add_item(DefaultsButton(part))
        if own != Choices():
            row.add_item(DefaultsButton(None))
        return own_defaults_card(own, self.defaults.of_server(origin_of(interaction).server_key), [row])


class DefaultsButton(PersistentItem[ui.Button[ui.LayoutView]], template=r"defaults:(?P<part>picture|request|reset)"):
    """The button that opens a form with some of a member's defaults, or with no part, removes them all."""

    def __init__(self, part: DefaultsPart | None) -> None:
        label, emoji = (_("Reset all"), "🗑️") if part is None else (part_label(part), "✏️")
        super().__init__(ui.Button(label=label, emoji=emoji, custom_id=f"defaults:{part or _RESET}"))
        self._part = part

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(None if match["part"] == _RESET else DefaultsPart(match["part"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form, or remove the defaults and show the card again."""
        cog = cog_of(interaction, MemberDefaults)
        current = cog.defaults.of_member(interaction.user.id)

        async def save(submitted: discord.Interaction[Any], changes: Changes) -> None:
            await defer(submitted, thinking=False)
            kept = cog.defaults.of_member(submitted.user.id)
            await cog.defaults.save(submitted.user.id, kept.model_copy(update=dict(changes)))
            await show(submitted, cog.card(submitted))

        if self._part is None:
            await save(interaction, dict.fromkeys(current.stored()))
        else:
            await open_form(interaction, DefaultsForm(_("Your defaults"), self._part, current, save))
