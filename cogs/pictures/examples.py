"""The examples of `/help`: a form that only needs to be sent."""

from typing import Any

import discord
from discord.ext import commands

from bot.generation.draft import ImagineDraft
from bot.i18n import _
from bot.picture.layers import Choices
from bot.picture.price import PriceOf
from bot.picture.request import REFERENCES_MAX
from cogs.pictures.form import FormText, PictureForm, priced
from cogs.pictures.typed_requests import TypedRequests
from cogs.shared.access import ImagineInteraction, check_before_form, origin_of
from cogs.shared.answers import open_form
from cogs.shared.command_permissions import CommandPermissions
from cogs.shared.examples import Example


class Examples(commands.Cog):
    """Opens an example, and makes the picture that comes of it."""

    def __init__(self, starter: TypedRequests, permissions: CommandPermissions, price_of: PriceOf) -> None:
        self._price_of = price_of
        self._starter = starter
        self._permissions = permissions

    async def open(self, interaction: ImagineInteraction, example: Example) -> None:
        """Open the form, filled in."""
        await check_before_form(interaction, self._permissions)

        async def then(submitted: discord.Interaction[Any], form: PictureForm) -> None:
            await self._starter.start(submitted, ImagineDraft.of(form.prompt, form.choices, form.attachments))

        price_with = priced(self._price_of, None, 0)
        text, prompt = FormText(_(example.label), _("What to draw")), _(example.prompt)
        typed = Choices.model_validate(dict(example.params))
        choices = self._starter.choices(origin_of(interaction), typed)
        form = PictureForm(text, then, prompt=prompt, choices=choices, room=REFERENCES_MAX, price_with=price_with)
        await open_form(interaction, form)
