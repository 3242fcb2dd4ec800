"""Save as style: a picture, or the images of a message, become a style of the member's own."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import InvalidRequest, UserFacingError
from bot.gateway.client import ImagineBot
from bot.generation.library import PictureLibrary
from bot.i18n import _
from bot.picture.generation import Generation
from bot.picture.layers import Choices
from bot.picture.request import REFERENCES_MAX
from bot.picture.style import StyleContent
from bot.picture.style_use import PROMPT_PLACE
from bot.styles.styles import NewImages, Styles
from cogs.shared.access import ImagineInteraction, check_place, is_age_restricted
from cogs.shared.answers import defer, open_form, show
from cogs.shared.message_images import images_in
from cogs.styles.form import StyleForm
from cogs.styles.owners import editor_of
from cogs.ui.notes import note
from cogs.ui.text import plain


class AgeRestrictedStyle(UserFacingError):
    """Refuse to make a style, which can be used everywhere, of a picture of an age-restricted channel."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Pictures of age-restricted channels can't become styles, since styles can be used in all channels. "
                "Nothing was saved."
            )
        )


class SaveAsStyle(commands.Cog):
    """Opens the form, and saves what it says."""

    def __init__(self, bot: ImagineBot, styles: Styles, library: PictureLibrary) -> None:
        self._bot = bot
        self._styles = styles
        self._library = library
        self._menu = app_commands.ContextMenu(name="Save as style", callback=self.from_message)

    async def cog_load(self) -> None:
        """Add the command to the menu of messages."""
        self._bot.tree.add_command(self._menu)

    async def from_message(self, interaction: ImagineInteraction, message: discord.Message) -> None:
        """Ask for a name, and save a message's images as a style."""
        check_place(interaction.client.settings, interaction.guild_id)
        images = images_in(message)
        if message.author == self._bot.user and is_age_restricted(message.channel):
            raise AgeRestrictedStyle
        if not images:
            raise InvalidRequest(_("I can't find an image in that message. Nothing was saved."))
        if len(images) > REFERENCES_MAX:
            raise InvalidRequest(
                _(
                    "A style can have up to {most} images, and that message has {count}. Nothing was saved.",
                    most=REFERENCES_MAX,
                    count=len(images),
                )
            )

        async def then(submitted: discord.Interaction[Any], form: StyleForm) -> None:
            await defer(submitted)
            await self._save(submitted, form, StyleContent(frame=form.frame), NewImages((), images, form.notes))

        await open_form(interaction, StyleForm(then, frame=PROMPT_PLACE, images=len(images)))

    async def from_picture(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Ask for a name, and save a picture with its options as a style."""
        request = generation.request
        if generation.origin.age_restricted:
            raise AgeRestrictedStyle

        async def then(submitted: discord.Interaction[Any], form: StyleForm) -> None:
            await defer(submitted)
            picture = await self._library.as_reference(await self._library.find(generation.id))
            content = StyleContent(frame=form.frame, choices=Choices.model_validate(dict(request.params.unseeded())))
            await self._save(submitted, form, content, NewImages([picture], (), form.notes))

        frame = PROMPT_PLACE if request.style is None else request.style.frame
        await open_form(interaction, StyleForm(then, frame=frame, images=1))

    async def _save(
        self, interaction: ImagineInteraction, form: StyleForm, content: StyleContent, images: NewImages
    ) -> None:
        editor = editor_of(interaction, server=False)
        style = await self._styles.create(editor, form.name, content, images)
        words = _("**Saved as {style}.** Use it with `/imagine style:{style}`.", style=plain(style.name))
        await show(interaction, note(words))
