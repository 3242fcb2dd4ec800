"""`/imagine`: from words to a request, and from there to a card."""

from collections.abc import Sequence

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.gateway.client import ImagineBot
from bot.generation.draft import ImagineDraft
from bot.images.references import Attachment
from bot.picture.params import QUALITY_MAX, SEED_LIMIT, SIDE_MAX, SIDE_MIN, FluxParams, OutputFormat, Resolution
from bot.picture.request import PROMPT_MAX
from bot.picture.size import SIDE_STEP
from cogs.pictures.first_response import start_picture
from cogs.pictures.ratios import ratio_choices
from cogs.shared.access import ImagineInteraction

Side = Range[int, SIDE_MIN, SIDE_MAX]
Seed = Range[int, -SEED_LIMIT, SEED_LIMIT]


class Imagine(commands.Cog):
    """The slash command that draws."""

    @app_commands.command()
    @app_commands.describe(
        prompt="What to draw, in your own words",
        aspect_ratio="Width to height: pick one, or type your own, such as 7:5",
        resolution="How large, in megapixels (MP). No side is over 2048 pixels: 16:9 at 4 MP is 2048 × 1152",
        width=f"A custom width in pixels, {SIDE_MIN} to {SIDE_MAX}, rounded to {SIDE_STEP}; needs a height too",
        height=f"A custom height in pixels, {SIDE_MIN} to {SIDE_MAX}, rounded to {SIDE_STEP}; needs a width too",
        seed="The same seed and words make the same picture again; without one, I draw one",
        output_format="The kind of file",
        output_quality="0 to 100, for jpg and webp: less quality is a smaller file",
        private="Show the picture to you alone, until you publish it",
        spoiler="Cover the picture until somebody clicks on it",
        **{
            f"image{number}": f"Reference image {number}: PNG, JPEG, WebP or GIF, up to 25 MB" for number in range(1, 9)
        },
    )
    @app_commands.choices(
        resolution=[Choice(name=each.label, value=each.value) for each in Resolution],
        output_format=[Choice(name=each.value, value=each.value) for each in OutputFormat],
    )
    async def imagine(  # noqa: PLR0913, PLR0917  (one parameter an option: discord.py reads them)
        self,
        interaction: ImagineInteraction,
        prompt: Range[str, 1, PROMPT_MAX],
        aspect_ratio: str | None = None,
        resolution: str | None = None,
        width: Side | None = None,
        height: Side | None = None,
        seed: Seed | None = None,
        output_format: str | None = None,
        output_quality: Range[int, 0, QUALITY_MAX] | None = None,
        image1: discord.Attachment | None = None,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        image4: discord.Attachment | None = None,
        image5: discord.Attachment | None = None,
        image6: discord.Attachment | None = None,
        image7: discord.Attachment | None = None,
        image8: discord.Attachment | None = None,
        private: bool = False,
        spoiler: bool = False,
    ) -> None:
        """Draw a picture from your words."""
        params = FluxParams.chosen(
            aspect_ratio=aspect_ratio,
            resolution=resolution,
            width=width,
            height=height,
            seed=seed,
            output_format=output_format,
            output_quality=output_quality,
        )
        images = (image1, image2, image3, image4, image5, image6, image7, image8)
        draft = ImagineDraft(prompt, params, attachments=attachments_of(images), private=private, spoiler=spoiler)
        await start_picture(interaction, draft)

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


async def setup(bot: ImagineBot) -> None:
    """Add this cog."""
    await bot.add_cog(Imagine())
