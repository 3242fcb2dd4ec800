"""`/imagine`: from words to a request, and from there to a card."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.generation.draft import ImagineDraft
from bot.picture.params import OPTIONS, FluxParams
from bot.picture.request import PICTURES_MAX, PROMPT_MAX
from bot.picture.style import NAME_MAX
from bot.styles.names import StyleNames
from cogs.pictures.typed_requests import TypedRequests
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.command_options import command_options
from cogs.shared.picture_options import IMAGE_OPTIONS, IMAGES, PARAMS_OPTIONS, attachments_of
from cogs.ui.ratios import ratio_choices
from cogs.shared.style_choices import style_choices


class Imagine(commands.Cog):
    """The slash command that draws."""

    def __init__(self, starter: TypedRequests, names: StyleNames) -> None:
        self._starter = starter
        self._names = names

    @app_commands.command()
    @app_commands.describe(
        prompt="What to draw, in your own words",
        private="Show the picture only to you until you publish it",
        spoiler="Blur the picture until someone clicks it",
        count="How many pictures to make, each with a seed of its own",
        style="One of your styles or of the server's: words, options and images that go with your prompt",
    )
    @command_options([*PARAMS_OPTIONS, *IMAGE_OPTIONS])
    async def imagine(
        self,
        interaction: ImagineInteraction,
        /,
        prompt: Range[str, 1, PROMPT_MAX],
        *,
        private: bool = False,
        spoiler: bool = False,
        count: Range[int, 1, PICTURES_MAX] = 1,
        style: Range[str, 1, NAME_MAX] | None = None,
        **options: Any,  # noqa: ANN401  (each option of the table has a type of its own)
    ) -> None:
        """Make a picture from your words."""
        params = FluxParams.chosen(**{name: options[name] for name in OPTIONS})
        attachments = attachments_of([options[name] for name in IMAGES])
        draft = ImagineDraft(
            prompt,
            params,
            attachments=attachments,
            private=private,
            spoiler=spoiler,
            count=count,
            style_name=style,
        )
        await self._starter.start(interaction, draft)

    @imagine.autocomplete("aspect_ratio")
    async def _complete_ratio(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return ratio_choices(typed)

    @imagine.autocomplete("style")
    async def _complete_style(self, interaction: ImagineInteraction, typed: str) -> list[Choice[str]]:
        user_id = interaction.user.id
        return style_choices(self._names.usable(user_id, origin_of(interaction).server_key), typed, user_id)
