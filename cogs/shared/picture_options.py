"""The options of commands that describe a picture: its parameters and its reference images."""

from collections.abc import Sequence
from typing import Any, Final

import discord
from discord.app_commands import Range

from bot.images.references import Attachment
from bot.picture.layers import CHOICES
from bot.picture.options import OptionType
from bot.picture.request import REFERENCES_MAX
from cogs.shared.command_options import CommandOption

IMAGES: Final = [f"image{number}" for number in range(1, REFERENCES_MAX + 1)]


def _choice_option(each: OptionType) -> CommandOption:
    option = each.option
    annotation: Any = str if issubclass(each.type, str) else each.type
    if option.least is not None and option.most is not None:
        annotation = Range[int, option.least, option.most]
    return CommandOption(each.name, annotation, option.description, each.choices)


def _image_option(name: str) -> CommandOption:
    number = name.removeprefix("image")
    return CommandOption(name, discord.Attachment, f"Reference image {number}: PNG, JPEG, WebP or GIF, up to 25 MB")


CHOICE_OPTIONS: Final = {name: _choice_option(each) for name, each in CHOICES.items()}
IMAGE_OPTIONS: Final = [*map(_image_option, IMAGES)]


def attachments_of(images: Sequence[discord.Attachment | None]) -> list[Attachment]:
    """Return the images that were attached, in order and with gaps closed, each under the name of its option."""
    return [
        Attachment(f"image{number}", image.url, image.size)
        for number, image in enumerate(images, start=1)
        if image is not None
    ]
