"""`/imagine`: from words to a request, and from there to a card."""

from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.generation.draft import ImagineDraft
from bot.picture.layers import CHOICES, Choices
from bot.picture.params import OPTIONS
from bot.picture.request import PROMPT_MAX
from bot.picture.style import NAME_MAX
from bot.styles.names import StyleNames
from cogs.pictures.typed_requests import TypedRequests
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.command_options import CommandOption, command_options
from cogs.shared.picture_options import CHOICE_OPTIONS, IMAGE_OPTIONS, IMAGES, attachments_of
from cogs.shared.style_choices import style_choices
from cogs.ui.ratios import ratio_choices

_STYLE: Final = CommandOption(
    "style", Range[str, 1, NAME_MAX], "A style of yours or of the server's: words, options and images for your prompt"
)

# The ones of the picture come first, as Discord lists them in this order.
_OPTIONS: Final = (
    *(CHOICE_OPTIONS[name] for name in OPTIONS),
    _STYLE,
    *IMAGE_OPTIONS,
    *(CHOICE_OPTIONS[name] for name in CHOICES if name not in OPTIONS),
)


class Imagine(commands.Cog):
    """The slash command that draws."""

    def __init__(self, starter: TypedRequests, names: StyleNames) -> None:
        self._starter = starter
        self._names = names

    @app_commands.command()
    @app_commands.describe(prompt="What to draw, in your own words")
    @command_options(_OPTIONS)
    async def imagine(
        self,
        interaction: ImagineInteraction,
        /,
        prompt: Range[str, 1, PROMPT_MAX],
        **options: Any,  # noqa: ANN401  (each option of the table has a type of its own)
    ) -> None:
        """Make a picture from your words."""
        typed = Choices.chosen(**{name: options[name] for name in CHOICES})
        attachments = attachments_of([options[name] for name in IMAGES])
        choices = self._starter.choices(origin_of(interaction), typed, has_references=bool(attachments))
        await self._starter.start(interaction, ImagineDraft.of(prompt, choices, attachments, options[_STYLE.name]))

    @imagine.autocomplete("aspect_ratio")
    async def _complete_ratio(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return ratio_choices(typed)

    @imagine.autocomplete("style")
    async def _complete_style(self, interaction: ImagineInteraction, typed: str) -> list[Choice[str]]:
        user_id = interaction.user.id
        return style_choices(self._names.usable(user_id, origin_of(interaction).server_key), typed, user_id)
