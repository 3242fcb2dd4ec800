"""`/defaults`: a private card with a member's defaults, and the buttons that change them."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Self

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.defaults.defaults import Defaults
from bot.i18n import _
from bot.picture.layers import OwnDefaults
from bot.picture.style import NAME_MAX, name_key
from bot.styles.styles import Styles
from cogs.shared.access import ImagineInteraction, check_place, origin_of
from cogs.shared.answers import FORM_KEPT_SECONDS, defer, open_form, say, show
from cogs.shared.defaults_form import Changes, DefaultsForm
from cogs.shared.error_replies import errors_answered
from cogs.shared.persistent import PersistentItem, cog_of
from cogs.ui.defaults import DefaultsPart, own_defaults_card, part_label

_RESET = "reset"


class MemberDefaults(commands.Cog):
    """Shows and changes members' own defaults."""

    def __init__(self, defaults: Defaults, styles: Styles) -> None:
        self.defaults = defaults
        self._styles = styles

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
        row.add_item(DefaultStyleButton())
        if own != OwnDefaults():
            row.add_item(DefaultsButton(None))
        origin = origin_of(interaction)
        usable = {name_key(each.name) for each in self._styles.names.usable(origin.user_id, origin.server_key)}
        is_usable = own.style is None or name_key(own.style) in usable
        return own_defaults_card(own, self.defaults.of_place(origin), [row], style_is_usable=is_usable)

    async def save_style(self, interaction: discord.Interaction[Any], name: str) -> None:
        """Make a style the default, by its name, or none; raise `InvalidRequest` if there is no such style here."""
        user_id, server_key = interaction.user.id, origin_of(interaction).server_key
        await defer(interaction, thinking=False)
        chosen = (await self._styles.find(name, user_id, server_key, _("Nothing was changed."))).name if name else None
        await self.defaults.save(user_id, self.defaults.of_member(user_id).model_copy(update={"style": chosen}))
        await show(interaction, self.card(interaction))


class DefaultStyleForm(ui.Modal):
    """A form for the name of the default style; an empty one removes it."""

    def __init__(self, current: str | None, then: Callable[[discord.Interaction[Any], str], Awaitable[None]]) -> None:
        super().__init__(title=_("Your defaults"), timeout=FORM_KEPT_SECONDS)
        self._then = then
        self._name: ui.TextInput[DefaultStyleForm] = ui.TextInput(
            default=current, required=False, max_length=NAME_MAX, placeholder=_("No style")
        )
        about = _("The name of a style of yours or of a server's")
        self.add_item(ui.Label(text=_("Style"), description=about, component=self._name))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Hand the name over, or tell the member why it can't be a default."""
        async with errors_answered(interaction, lambda: self._name.value):
            await self._then(interaction, self._name.value.strip())


class DefaultStyleButton(PersistentItem[ui.Button[ui.LayoutView]], template=r"defaults:style"):
    """The button that opens the form for the default style."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label=_("Change style"), emoji="✏️", custom_id="defaults:style"))

    @classmethod
    async def from_custom_id(cls, _i: discord.Interaction, _b: ui.Item[ui.LayoutView], _m: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls()

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        cog = cog_of(interaction, MemberDefaults)
        await open_form(
            interaction, DefaultStyleForm(cog.defaults.of_member(interaction.user.id).style, cog.save_style)
        )


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
