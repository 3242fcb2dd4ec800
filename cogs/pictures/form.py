"""The forms for a prompt: prefilled, guarded, and typed text is never lost."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord
from discord import ui

from bot.images.references import Attachment
from bot.picture.params import FluxParams, Resolution
from bot.picture.request import PROMPT_MAX, REFERENCES_MAX
from cogs.pictures.form_text import (
    AS_THE_MODEL_LIKES,
    EXAMPLE,
    other_words,
    parse_others,
    parse_resolution,
    parse_shape,
    shape_words,
)
from cogs.shared.answers import FORM_KEPT_SECONDS
from cogs.shared.error_replies import reply_with_error

Then = Callable[[discord.Interaction[Any], "PictureForm"], Awaitable[None]]


class PictureForm(ui.Modal):
    """A form for a prompt and, where `params` are given, for every choice; `then` gets it when it is filled in.

    `room` is how many images may be uploaded with it.
    """

    def __init__(self, title: str, then: Then, *, prompt: str, params: FluxParams | None, room: int) -> None:
        super().__init__(title=title, timeout=FORM_KEPT_SECONDS)
        self._then = then
        self._before = prompt
        self._prompt: ui.TextInput[PictureForm] = ui.TextInput(
            style=discord.TextStyle.paragraph, default=prompt or None, max_length=PROMPT_MAX
        )
        self._shape: ui.TextInput[PictureForm] | None = None
        self._resolution: ui.Select[PictureForm] | None = None
        self._others: ui.TextInput[PictureForm] | None = None
        self._uploads: ui.FileUpload[PictureForm] | None = None
        self._upload_ids: list[int] = []
        self.add_item(ui.Label(text="What to draw", component=self._prompt))
        if params is not None:
            self._add_choices(params)
        if room > 0:
            self._uploads = ui.FileUpload(required=False, min_values=0, max_values=room)
            text = f"Reference images, up to {room}"
            self.add_item(ui.Label(text=text, description="PNG, JPEG, WebP or GIF", component=self._uploads))

    @property
    def prompt(self) -> str:
        """Return the typed prompt."""
        return self._prompt.value

    @property
    def params(self) -> FluxParams:
        """Return the choices that were made; raise `InvalidRequest` with what to change."""
        chosen: dict[str, object] = {}
        if self._shape is not None:
            chosen |= parse_shape(self._shape.value)
        if self._resolution is not None and self._resolution.values:
            chosen |= parse_resolution(self._resolution.values[0])
        if self._others is not None:
            chosen |= parse_others(self._others.value)
        return FluxParams.chosen(**chosen)

    @property
    def attachments(self) -> Sequence[Attachment]:
        """Return the images that were uploaded, in order."""
        uploads = {upload.id: upload for upload in self._uploads.values} if self._uploads is not None else {}
        # discord.py has them in the order of a JSON object; what the person sees is the order of the form's own list.
        in_order = [uploads.pop(each) for each in self._upload_ids if each in uploads] + list(uploads.values())
        return [
            Attachment(f"upload {number}", upload.url, upload.size) for number, upload in enumerate(in_order, start=1)
        ]

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Submit the form; if it's rejected, return the typed text, since Discord closes the form."""
        self._upload_ids = _listed_ids(interaction.data)
        try:
            await self._then(interaction, self)
        except Exception as error:  # noqa: BLE001  (a guard that let something through would be none)
            await reply_with_error(interaction, error, give_back=self.prompt if self.prompt != self._before else "")

    def _add_choices(self, params: FluxParams) -> None:
        self._shape = ui.TextInput(default=shape_words(params) or None, required=False, max_length=20)
        self._resolution = _resolution_menu(params.resolution)
        self._others = ui.TextInput(default=other_words(params) or None, required=False, max_length=60)
        self.add_item(
            ui.Label(
                text="Shape",
                description="A ratio such as 16:9, a size such as 1024x768, or match_input_image",
                component=self._shape,
            )
        )
        self.add_item(ui.Label(text="Resolution", component=self._resolution))
        self.add_item(
            ui.Label(
                text="Seed, format, quality",
                description=f"Such as: {EXAMPLE}. Without a seed, a new one is drawn",
                component=self._others,
            )
        )


def _listed_ids(data: object) -> list[int]:
    """Return the ids in the lists of values of a submitted form, in their order."""
    match data:
        case {"values": [*values]}:
            return [int(value) for value in values if str(value).isdecimal()]
        case {**fields}:
            return [found for field in fields.values() for found in _listed_ids(field)]
        case [*items]:
            return [found for item in items for found in _listed_ids(item)]
        case _:
            return []


def room_beside(count: int) -> int:
    """Return how many reference images fit beside `count`."""
    return max(0, REFERENCES_MAX - count)


def _resolution_menu(chosen: Resolution | None) -> "ui.Select[PictureForm]":
    menu: ui.Select[PictureForm] = ui.Select(required=False)
    menu.add_option(label="As the model likes", value=AS_THE_MODEL_LIKES, default=chosen is None)
    for resolution in Resolution:
        menu.add_option(label=resolution.label, value=resolution.value, default=resolution is chosen)
    return menu
