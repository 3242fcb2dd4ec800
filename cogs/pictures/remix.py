"""Making a picture from another one: with other words or choices, or with the picture itself as a reference."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord

from bot.errors import UserFacingError
from bot.generation.draft import EditedPicture, ImagineDraft
from bot.i18n import _
from bot.images.references import Attachment
from bot.picture.choices import escaped
from bot.picture.generation import Derivation, Generation
from bot.picture.layers import Choices, Layered
from bot.picture.params import FluxParams
from bot.picture.price import Price, PriceOf
from bot.picture.request import PROMPT_MAX
from cogs.pictures.form import FormText, PictureForm, priced, room_beside
from cogs.pictures.typed_requests import TypedRequests
from cogs.shared.access import ImagineInteraction, check_before_form
from cogs.shared.answers import open_form
from cogs.shared.command_permissions import CommandPermissions
from cogs.shared.marked_files import file_marker
from cogs.ui.text import one_line


class NotYourPrompt(UserFacingError):
    """Refuse to open somebody else's prompt after the model refused it."""

    def __init__(self) -> None:
        super().__init__(_("Only the member who wrote this prompt can edit it. Use `/imagine` for your own."))


class Remix:
    """Opens the forms, and makes the pictures that they ask for."""

    def __init__(self, starter: TypedRequests, permissions: CommandPermissions, price_of: PriceOf) -> None:
        self._price_of = price_of
        self._starter = starter
        self._permissions = permissions

    async def remix(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Show the prompt and the choices in a form, and make the picture that it then describes."""
        await self._ask_again(interaction, generation, Derivation.REMIX, _("Remix"))

    async def edit_prompt(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Show a refused prompt to the member who wrote it, and try again with the edited one."""
        if interaction.user.id != generation.origin.user_id:
            raise NotYourPrompt
        await self._ask_again(interaction, generation, Derivation.RETRY, _("Edit the prompt"))

    async def edit(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Ask what should change in the picture, which becomes the first reference."""
        text = FormText(_("Edit this picture"), _("What should change?"), about_picture(generation))
        await self._ask_with_picture(interaction, generation, text)

    async def use_as_reference(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Ask what to draw with the picture as the first reference."""
        text = FormText(_("Use as reference"), _("What to draw"), about_picture(generation))
        await self._ask_with_picture(interaction, generation, text)

    async def _ask_again(
        self, interaction: ImagineInteraction, generation: Generation, derivation: Derivation, title: str
    ) -> None:
        await check_before_form(interaction, self._permissions)
        request = generation.request

        async def then(submitted: discord.Interaction[Any], form: PictureForm) -> None:
            draft = ImagineDraft.like(generation, derivation).with_params(form.params)
            await self._starter.start(submitted, replace(draft, prompt=form.prompt, attachments=form.attachments))

        room = room_beside(len(request.references))
        text = FormText(title, _("What to draw"))

        def price_with(params: FluxParams) -> Price | None:
            return self._price_of(request.with_params(params).size, len(request.references))

        form = PictureForm(
            text,
            then,
            prompt=_typed(request.prompt),
            choices=_choices_of(request.params),
            room=room,
            price_with=price_with,
        )
        await open_form(interaction, form)

    async def _ask_with_picture(self, interaction: ImagineInteraction, generation: Generation, text: FormText) -> None:
        await check_before_form(interaction, self._permissions)

        async def then(submitted: discord.Interaction[Any], form: PictureForm) -> None:
            draft = edit_of(generation, form.prompt, form.params, form.attachments, submitted.message)
            await self._starter.start(submitted, draft)

        price_with = priced(self._price_of, generation.image_size or generation.request.size, 1)
        params = generation.request.params.unseeded()
        room = room_beside(1)
        await open_form(
            interaction,
            PictureForm(text, then, prompt="", choices=_choices_of(params), room=room, price_with=price_with),
        )


def _choices_of(params: FluxParams) -> Layered:
    """Return the choices of a picture that another is made from, which count as they are."""
    return Layered(Choices.model_validate(dict(params)))


def _typed(prompt: str) -> str:
    """Return what a form shows for a prompt: with braces escaped, if there is room for that."""
    as_typed = escaped(prompt)
    return as_typed if len(as_typed) <= PROMPT_MAX else prompt


def about_picture(generation: Generation) -> str:
    """Return the line that tells which picture a form is about."""
    return _("Picture: {prompt}", prompt=one_line(generation.request.prompt))


def edit_of(
    generation: Generation,
    prompt: str,
    params: FluxParams,
    attachments: Sequence[Attachment],
    message: discord.Message | None,
) -> ImagineDraft:
    """Return the draft of a picture with another as its first reference; `message` shows that one.

    Words about a change don't describe a whole picture, so the style's don't go around them.
    """
    draft = ImagineDraft.like(generation, Derivation.EDIT).styled(None).with_params(params)
    edited = EditedPicture(generation, _shown_in(message, generation))
    return replace(draft, prompt=prompt, references=(), attachments=attachments, edited=edited)


def _shown_in(message: discord.Message | None, generation: Generation) -> Attachment | None:
    """Return the picture as Discord shows it above the button, perhaps beside others of its command, if it does."""
    files = [] if message is None else message.attachments
    mark = "" if generation.batch is None else file_marker(generation.id)
    shown = next((file for file in files if mark in file.filename), None)
    return None if shown is None else Attachment(_("this picture"), shown.url, shown.size)
