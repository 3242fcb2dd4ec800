"""`/imagine`: from words to a request, and from there to a card."""

from collections.abc import Sequence
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.generation.draft import ImagineDraft
from bot.images.references import Attachment
from bot.picture.layers import CHOICES, Choices, layered
from bot.picture.options import OptionType
from bot.picture.params import OPTIONS
from bot.picture.request import PROMPT_MAX, REFERENCES_MAX, Source
from cogs.pictures.ratios import ratio_choices
from cogs.pictures.typed_requests import TypedRequests
from cogs.shared.access import ImagineInteraction
from cogs.shared.command_options import CommandOption, command_options

_IMAGES: Final = [f"image{number}" for number in range(1, REFERENCES_MAX + 1)]


def _choice_option(each: OptionType) -> CommandOption:
    option = each.option
    annotation: Any = str if issubclass(each.type, str) else each.type
    if option.least is not None and option.most is not None:
        annotation = Range[int, option.least, option.most]
    return CommandOption(each.name, annotation, option.description, each.choices)


def _image_option(name: str) -> CommandOption:
    number = name.removeprefix("image")
    return CommandOption(name, discord.Attachment, f"Reference image {number}: PNG, JPEG, WebP or GIF, up to 25 MB")


# The ones of the picture come first, as Discord lists them in this order.
_OPTIONS: Final = (
    *(_choice_option(CHOICES[name]) for name in OPTIONS),
    *map(_image_option, _IMAGES),
    *(_choice_option(CHOICES[name]) for name in CHOICES if name not in OPTIONS),
)


class Imagine(commands.Cog):
    """The slash command that draws."""

    def __init__(self, starter: TypedRequests) -> None:
        self._starter = starter

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
        attachments = attachments_of([options[name] for name in _IMAGES])
        choices = layered([(Source.TYPED, typed)], has_references=bool(attachments))
        await self._starter.start(interaction, ImagineDraft.of(prompt, choices, attachments))

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
