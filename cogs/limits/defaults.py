"""The defaults of a server, which moderators change like its other rules."""

import re
from typing import Any, Final, Self

import discord
from discord import ui

from bot.i18n import _
from bot.limits.moderation import Moderation
from cogs.limits.changes import LimitsCog, change_rules
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer, open_form, show
from cogs.shared.defaults_form import Changes, DefaultsForm
from cogs.shared.moderators import check_moderator
from cogs.shared.persistent import PersistentItem, cog_of
from cogs.ui.defaults import DefaultsPart, part_label, server_defaults_card

_COMMAND: Final = "defaults"


async def show_defaults(moderation: Moderation, interaction: ImagineInteraction) -> None:
    """Answer privately with the server's defaults, and the buttons that change them."""
    await defer(interaction)
    rules = await moderation.rulebook(origin_of(interaction).server_key)
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for part in DefaultsPart:
        row.add_item(ServerDefaultsButton(part))
    await show(interaction, server_defaults_card(rules.defaults, [row]))


class ServerDefaultsButton(
    PersistentItem[ui.Button[ui.LayoutView]], template=r"limits:defaults:(?P<part>picture|request)"
):
    """The button that opens a form with some of a server's defaults."""

    def __init__(self, part: DefaultsPart) -> None:
        super().__init__(ui.Button(label=part_label(part), emoji="✏️", custom_id=f"limits:defaults:{part}"))
        self._part = part

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed."""
        return cls(DefaultsPart(match["part"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form with the current defaults."""
        check_moderator(interaction)
        moderation = cog_of(interaction, LimitsCog).moderation
        rules = await moderation.rulebook(origin_of(interaction).server_key)

        async def save(submitted: discord.Interaction[Any], changes: Changes) -> None:
            check_moderator(submitted)
            await change_rules(
                moderation,
                submitted,
                lambda now: now.with_defaults(now.defaults.model_copy(update=dict(changes))),
                command=f"/limits {_COMMAND}",
            )

        await open_form(interaction, DefaultsForm(_("Defaults on this server"), self._part, rules.defaults, save))
