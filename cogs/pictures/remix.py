"""Playing on from a picture: with other words or choices, or with the picture itself as a reference."""

from dataclasses import replace
from typing import Any

import discord

from bot.generation.draft import EditedPicture, ImagineDraft
from bot.images.references import Attachment
from bot.picture.generation import Derivation, Generation
from cogs.pictures.first_response import PictureStarter
from cogs.pictures.form import PictureForm, room_beside
from cogs.shared.access import ImagineInteraction, check_before_form
from cogs.shared.answers import open_form
from cogs.shared.command_permissions import CommandPermissions


class Remix:
    """Opens the two forms, and draws what they ask for."""

    def __init__(self, starter: PictureStarter, permissions: CommandPermissions) -> None:
        self._starter = starter
        self._permissions = permissions

    async def remix(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Show everything that was chosen in a form, and draw what it then says."""
        await check_before_form(interaction, self._permissions)
        request = generation.request

        async def then(submitted: discord.Interaction[Any], form: PictureForm) -> None:
            draft = ImagineDraft.like(generation, Derivation.REMIX).with_params(form.params)
            await self._starter.start(submitted, replace(draft, prompt=form.prompt, attachments=form.attachments))

        form = PictureForm(
            "Remix",
            then,
            prompt=request.prompt,
            params=request.params,
            room=room_beside(len(request.references)),
        )
        await open_form(interaction, form)

    async def edit(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Ask what to do with the picture, which becomes the first reference."""
        await check_before_form(interaction, self._permissions)

        async def then(submitted: discord.Interaction[Any], form: PictureForm) -> None:
            draft = ImagineDraft.like(generation, Derivation.EDIT).with_params(generation.request.params.unseeded())
            edited = EditedPicture(generation, _shown_in(submitted.message))
            draft = replace(draft, prompt=form.prompt, references=(), attachments=form.attachments, edited=edited)
            await self._starter.start(submitted, draft)

        form = PictureForm("Edit this", then, prompt="", params=None, room=room_beside(1))
        await open_form(interaction, form)


def _shown_in(message: discord.Message | None) -> Attachment | None:
    """Return the picture as Discord shows it above the button, if it does."""
    if message is None or not message.attachments:
        return None
    shown = message.attachments[0]
    return Attachment("this picture", shown.url, shown.size)
