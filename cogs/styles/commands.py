"""`/style`: a member's own styles, and those of the server for moderators."""

import asyncio
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import Choice, Range, locale_str
from discord.ext import commands

from bot.errors import UserFacingError
from bot.generation.library import PictureLibrary
from bot.generation.service import GenerationService
from bot.i18n import N_, _
from bot.i18n.speech import in_public
from bot.picture.layers import Choices
from bot.picture.missing import Missing
from bot.picture.request import PROMPT_MAX, REFERENCES_MAX
from bot.picture.style import NAME_MAX, NOTE_MAX, STYLE_CHOICES, Style, StyleContent, owner_of_member, typed_frame
from bot.picture.style_use import PROMPT_PLACE
from bot.styles.styles import NewImages, Styles
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.cancel import CancelButton
from cogs.shared.command_options import command_options
from cogs.shared.picture_options import CHOICE_OPTIONS, IMAGE_OPTIONS, IMAGES, attachments_of
from cogs.shared.style_choices import style_choices
from cogs.styles.buttons import CopyStyleButton, DeleteStyleButton
from cogs.styles.notes import notes_of
from cogs.styles.owners import check_editor, editor_of
from cogs.styles.views import question_words, shared_words, style_card, styles_list, words_of
from cogs.ui.notes import note
from cogs.ui.ratios import ratio_choices

Name = Range[str, 1, NAME_MAX]
Frame = Range[str, 1, PROMPT_MAX]
_SERVER: Final = N_("For moderators: one of the server's styles")
_FRAME: Final = N_("Words around your prompt, with {prompt} where it goes, such as: watercolour of {prompt}")
_OPTIONS: Final = [CHOICE_OPTIONS[name] for name in STYLE_CHOICES]
_SHARE_SECONDS: Final = 2.0  # Discord waits 3, and a refusal has to be private
_NOTES_MAX: Final = REFERENCES_MAX * (NOTE_MAX + 1)


class TooSlow(UserFacingError):
    """Refuse to share a style while the database does not answer in time."""

    def __init__(self) -> None:
        super().__init__(_("That took too long. Nothing was posted. Please try again in a moment."))


class StyleCommands(commands.GroupCog, name="style", group_description=locale_str("Make and share your own styles")):
    """Makes, shows, edits, shares and deletes styles."""

    def __init__(self, styles: Styles, library: PictureLibrary, generations: GenerationService) -> None:
        self.styles = styles
        self._library = library
        self._generations = generations

    @app_commands.command()
    @app_commands.describe(
        name="What to call it",
        frame=_FRAME,
        notes="What each image shows, separated by a semicolon: Nora from the front; Nora from the side",
        server=_SERVER,
    )
    @command_options([*_OPTIONS, *IMAGE_OPTIONS])
    async def create(
        self,
        interaction: ImagineInteraction,
        /,
        name: Name,
        frame: Frame = PROMPT_PLACE,
        *,
        notes: Range[str, 1, _NOTES_MAX] | None = None,
        server: bool = False,
        **options: Any,  # noqa: ANN401  (each option of the table has a type of its own)
    ) -> None:
        """Make a style from words, options and images that go with your prompts."""
        editor = editor_of(interaction, server=server)
        content = StyleContent(frame=typed_frame(frame), choices=_choices(options))
        images = NewImages(attachments=attachments_of([options[each] for each in IMAGES]), notes=notes_of(notes))
        await defer(interaction)
        style = await self.styles.create(editor, name, content, images)
        await self._show(interaction, style, _("**Saved.** Use it with `/imagine style:{style}`.", style=style.name))

    @app_commands.command()
    @app_commands.describe(
        style="Style to change",
        name="New name",
        frame=_FRAME,
        reset_options="Remove the options that the style has, before the ones given here are set",
        server=_SERVER,
    )
    @command_options(_OPTIONS)
    async def edit(
        self,
        interaction: ImagineInteraction,
        /,
        style: Name,
        name: Name | None = None,
        frame: Frame | None = None,
        *,
        reset_options: bool = False,
        server: bool = False,
        **options: Any,  # noqa: ANN401  (each option of the table has a type of its own)
    ) -> None:
        """Change a style. Pictures that were made with it before can still be rerolled as they were."""
        editor, typed = editor_of(interaction, server=server), _choices(options)

        def change(content: StyleContent) -> StyleContent:
            before = Choices() if reset_options else content.choices
            changes = {"frame": typed_frame(frame) if frame else content.frame, "choices": typed.over(before)}
            return content.model_copy(update=changes)

        await defer(interaction)
        edited = await self.styles.edit(editor, style, change, new_name=name)
        await self._show(interaction, edited, _("**Saved.** It applies from the next picture."))

    @app_commands.command(name="add-image")
    @app_commands.describe(
        style="Style that gets the image",
        image="Reference image: PNG, JPEG, WebP or GIF, up to 25 MB",
        note="What it shows, such as: Nora from the front",
        server=_SERVER,
    )
    async def add_image(
        self,
        interaction: ImagineInteraction,
        style: Name,
        image: discord.Attachment,
        note: Range[str, 1, NOTE_MAX] = "",
        server: bool = False,
    ) -> None:
        """Add an image to a style, which can have up to 8."""
        editor = editor_of(interaction, server=server)
        await defer(interaction)
        images = NewImages(attachments=attachments_of([image]), notes=notes_of(note.replace(";", ",")))
        edited = await self.styles.add_images(editor, style, images)
        await self._show(interaction, edited, _("**Saved.** It applies from the next picture."))

    @app_commands.command(name="remove-image")
    @app_commands.describe(style="Style that loses the image", image="Number of the image", server=_SERVER)
    async def remove_image(
        self, interaction: ImagineInteraction, style: Name, image: Range[int, 1, REFERENCES_MAX], server: bool = False
    ) -> None:
        """Remove an image from a style."""
        editor = editor_of(interaction, server=server)
        await defer(interaction)
        edited = await self.styles.remove_image(editor, style, image)
        await self._show(interaction, edited, _("**Saved.** It applies from the next picture."))

    @app_commands.command(name="show")
    @app_commands.describe(style="Style to look at")
    async def show_style(self, interaction: ImagineInteraction, style: Name) -> None:
        """Show a style with its images. Only you can see it."""
        await defer(interaction)
        found = await self.styles.find(style, interaction.user.id, origin_of(interaction).server_key)
        await self._show(interaction, found, shared_words(found, None))

    @app_commands.command(name="list")
    async def list_styles(self, interaction: ImagineInteraction) -> None:
        """List your styles and the server's. Only you can see it."""
        await defer(interaction)
        server_key, own_key = origin_of(interaction).server_key, owner_of_member(interaction.user.id)
        own = await self.styles.of(own_key)
        servers = [] if server_key == own_key else await self.styles.of(server_key)
        await show(interaction, note(styles_list(own, servers)))

    @app_commands.command()
    @app_commands.describe(style="Style to delete", server=_SERVER)
    async def delete(self, interaction: ImagineInteraction, style: Name, server: bool = False) -> None:
        """Delete a style. You confirm first; pictures that were made with it stay."""
        editor = editor_of(interaction, server=server)
        await defer(interaction)
        found = await self.styles.find_of(editor.owner, style)
        await show(interaction, note(question_words(found), [_row(DeleteStyleButton(found.id), CancelButton())]))

    @app_commands.command()
    @app_commands.describe(style="Style to show to everyone in this channel")
    async def share(self, interaction: ImagineInteraction, style: Name) -> None:
        """Show a style in this channel, so that others can copy it and moderators can add it to the server's."""
        origin = origin_of(interaction)
        try:
            async with asyncio.timeout(_SHARE_SECONDS):
                found = await self.styles.find(style, interaction.user.id, origin.server_key)
                await self._generations.check_admitted(origin, words_of(found))
                await self.styles.share(found, origin.audience_key)
        except TimeoutError:
            raise TooSlow from None
        await defer(interaction, private=False)
        with in_public():
            buttons = [CopyStyleButton(found.id)]
            if interaction.guild_id is not None and not found.is_servers:
                buttons.append(CopyStyleButton(found.id, for_server=True))
            await self._show(interaction, found, shared_words(found, interaction.user.id), _row(*buttons))

    @create.autocomplete("aspect_ratio")
    @edit.autocomplete("aspect_ratio")
    async def _complete_ratio(self, _: discord.Interaction, typed: str) -> list[Choice[str]]:
        return ratio_choices(typed)

    @edit.autocomplete("style")
    @add_image.autocomplete("style")
    @remove_image.autocomplete("style")
    @delete.autocomplete("style")
    async def _complete_editable(self, interaction: ImagineInteraction, typed: str) -> list[Choice[str]]:
        user_id = interaction.user.id
        owner = origin_of(interaction).server_key if interaction.namespace.server else owner_of_member(user_id)
        return style_choices(self.styles.names.of(owner), typed, user_id)

    @show_style.autocomplete("style")
    @share.autocomplete("style")
    async def _complete_usable(self, interaction: ImagineInteraction, typed: str) -> list[Choice[str]]:
        user_id = interaction.user.id
        return style_choices(self.styles.names.usable(user_id, origin_of(interaction).server_key), typed, user_id)

    async def copy(self, interaction: ImagineInteraction, style_id: int, *, for_server: bool) -> None:
        """Copy a shared style to the member who pressed, or to the server's styles for a moderator."""
        editor = editor_of(interaction, server=for_server)
        await defer(interaction)
        copied = await self.styles.copy(editor, style_id, origin_of(interaction).audience_key)
        await self._show(interaction, copied, _("**Saved.** Use it with `/imagine style:{style}`.", style=copied.name))

    async def delete_now(self, interaction: ImagineInteraction, style_id: int) -> None:
        """Delete a style for the member who confirmed, and say so in the question's place."""
        await defer(interaction, thinking=False)
        style = await self.styles.get(style_id)
        if style is None:
            await show(interaction, note(_("That style is already deleted.")))
            return
        await self.styles.delete(check_editor(interaction, style), style.name)
        await show(interaction, note(_("Deleted. Pictures that were made with it stay.")))

    async def _show(
        self,
        interaction: ImagineInteraction,
        style: Style,
        title: str,
        row: discord.ui.ActionRow[discord.ui.LayoutView] | None = None,
    ) -> None:
        """Put a style with its images into the place of a deferred answer."""
        keys = [each.key for each in style.references]
        async with self._library.thumbnails(keys) as thumbnails:
            files = [each if isinstance(each, Missing) else each.name for each in thumbnails]
            await show(
                interaction,
                style_card(style, files, title, [] if row is None else [row]),
                lambda: [discord.File(each, each.name) for each in thumbnails if not isinstance(each, Missing)],
            )


def _choices(options: dict[str, Any]) -> Choices:
    return Choices.chosen(**{name: options[name] for name in STYLE_CHOICES})


def _row(*buttons: discord.ui.Item[Any]) -> discord.ui.ActionRow[discord.ui.LayoutView]:
    row: discord.ui.ActionRow[discord.ui.LayoutView] = discord.ui.ActionRow()
    for button in buttons:
        row.add_item(button)
    return row
