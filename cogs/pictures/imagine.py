"""`/imagine`: from words to a request, and from there to a card."""

from collections.abc import Sequence
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.generation.draft import ImagineDraft
from bot.images.references import Attachment
from bot.picture.options import OptionType
from bot.picture.params import OPTIONS, FluxParams
from bot.picture.request import PICTURES_MAX, PROMPT_MAX, REFERENCES_MAX
from cogs.pictures.ratios import ratio_choices
from cogs.pictures.typed_requests import TypedRequests
from cogs.shared.access import ImagineInteraction
from cogs.shared.command_options import CommandOption, command_options

_IMAGES: Final = [f"image{number}" for number in range(1, REFERENCES_MAX + 1)]


def _params_option(each: OptionType) -> CommandOption:
    option = each.option
    annotation: Any = str if issubclass(each.type, str) else each.type
    if option.least is not None and option.most is not None:
        annotation = Range[int, option.least, option.most]
    return CommandOption(each.name, annotation, option.description, each.choices)


def _image_option(name: str) -> CommandOption:
    number = name.removeprefix("image")
    return CommandOption(name, discord.Attachment, f"Reference image {number}: PNG, JPEG, WebP or GIF, up to 25 MB")


class Imagine(commands.Cog):
    """The slash command that draws."""

    def __init__(self, starter: TypedRequests) -> None:
        self._starter = starter

    @app_commands.command()
    @app_commands.describe(
        prompt="What to draw, in your own words",
        private="Show the picture only to you until you publish it",
        spoiler="Blur the picture until someone clicks it",
        count="How many pictures to make, each with a seed of its own",
    )
    @command_options([*map(_params_option, OPTIONS.values()), *map(_image_option, _IMAGES)])
    async def imagine(
        self,
        interaction: ImagineInteraction,
        /,
        prompt: Range[str, 1, PROMPT_MAX],
        *,
        private: bool = False,
        spoiler: bool = False,
        count: Range[int, 1, PICTURES_MAX] = 1,
        **options: Any,  # noqa: ANN401  (each option of the table has a type of its own)
    ) -> None:
        """Make a picture from your words."""
        params = FluxParams.chosen(**{name: options[name] for name in OPTIONS})
        attachments = attachments_of([options[name] for name in _IMAGES])
        draft = ImagineDraft(prompt, params, attachments=attachments, private=private, spoiler=spoiler, count=count)
        await self._starter.start(interaction, draft)

    @imagine.autocomplete("aspect_ratio")
    async def _complete_ratio(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return ratio_choices(typed)


def attachments_of(images: Sequence[discord.Attachment | None]) -> list[Attachment]:
    """Return the images that were attached, in order and with gaps closed, each under the name of its option."""
    return [
        Attachment(f"image{number}", image.url, image.size)
        for number, image in enumerate(images, start=1)
        if image is not None
    ]
