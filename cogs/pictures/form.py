"""The forms for a prompt: prefilled, guarded, and typed text is never lost."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.i18n import _, ngettext
from bot.images.references import Attachment
from bot.picture.layers import Layered
from bot.picture.params import FluxParams
from bot.picture.price import Price, PriceOf, PriceWith
from bot.picture.request import PROMPT_MAX, REFERENCES_MAX
from bot.picture.size import Size, size_of
from cogs.pictures.form_menus import format_menu, params_chosen, resolution_menu, shape_menu
from cogs.shared.answers import FORM_KEPT_SECONDS
from cogs.shared.error_replies import errors_answered
from cogs.ui.prices import price_words
from cogs.ui.text import cut

_TITLE_MAX = 45  # Discord's bounds
_DESCRIPTION_MAX = 100
Then = Callable[[discord.Interaction[Any], "PictureForm"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class FormText:
    """A form's title, the question above its prompt field, and the line below that question."""

    title: str
    question: str
    about: str = ""


class PictureForm(ui.Modal):
    """A form for a prompt and choices; `then` gets it when it is filled in.

    `choices` are those with which it opens, and `room` is how many images may be uploaded with it. `price_with` is
    asked for the price of each resolution.
    """

    def __init__(
        self, text: FormText, then: Then, *, prompt: str, choices: Layered, room: int, price_with: PriceWith
    ) -> None:
        super().__init__(title=cut(text.title, _TITLE_MAX), timeout=FORM_KEPT_SECONDS)
        self._then = then
        self._prompt_before = prompt
        params = choices.choices.params
        self._choices_before = choices
        self._upload_ids: list[int] = []
        self._prompt: ui.TextInput[PictureForm] = ui.TextInput(
            style=discord.TextStyle.paragraph, default=prompt or None, max_length=PROMPT_MAX
        )
        self._shape, self._resolution, self._format = (
            shape_menu(params),
            resolution_menu(params, price_with),
            format_menu(params),
        )
        about = cut(text.about, _DESCRIPTION_MAX) or None
        self.add_item(ui.Label(text=text.question, description=about, component=self._prompt))
        self.add_item(ui.Label(text=_("Shape"), component=self._shape))
        self.add_item(ui.Label(text=_("Resolution"), description=_cost(price_with(params)), component=self._resolution))
        self.add_item(ui.Label(text=_("File format"), component=self._format))
        self._uploads = self._add_uploads(room) if room > 0 else None

    @property
    def prompt(self) -> str:
        """Return the typed prompt."""
        return self._prompt.value

    @property
    def params(self) -> FluxParams:
        """Return the options of the picture that were chosen; raise `InvalidRequest` with what to change."""
        return params_chosen(
            self._choices_before.choices.params,
            shape=_value(self._shape),
            resolution=_value(self._resolution),
            output_format=_value(self._format),
        )

    @property
    def choices(self) -> Layered:
        """Return all choices, those that were changed as typed ones; raise `InvalidRequest` with what to change."""
        before, after = dict(self._choices_before.choices.params), dict(self.params)
        return self._choices_before.with_typed({name: after[name] for name in after if after[name] != before[name]})

    @property
    def attachments(self) -> Sequence[Attachment]:
        """Return the images that were uploaded, in order."""
        uploads = {upload.id: upload for upload in self._uploads.values} if self._uploads is not None else {}
        # discord.py has them in the order of a JSON object; what the person sees is the order of the form's own list.
        in_order = [uploads.pop(each) for each in self._upload_ids if each in uploads] + list(uploads.values())
        return [
            Attachment(_("upload {number}", number=number), upload.url, upload.size)
            for number, upload in enumerate(in_order, start=1)
        ]

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Submit the form; if it's rejected, return the typed text, since Discord closes the form."""
        self._upload_ids = _listed_ids(interaction.data)
        async with errors_answered(interaction, lambda: self.prompt if self.prompt != self._prompt_before else ""):
            await self._then(interaction, self)

    def _add_uploads(self, room: int) -> "ui.FileUpload[PictureForm]":
        uploads: ui.FileUpload[PictureForm] = ui.FileUpload(required=False, min_values=0, max_values=room)
        description = ngettext(
            "Add up to {count} image: PNG, JPEG, WebP or GIF", "Add up to {count} images: PNG, JPEG, WebP or GIF", room
        )
        self.add_item(ui.Label(text=_("Reference images"), description=description, component=uploads))
        return uploads


def priced(price_of: PriceOf, first: Size | None, references: int) -> PriceWith:
    """Return what the choices of a form cost, beside some references of which the `first` has a size."""
    return lambda params: price_of(size_of(params, first), references)


def _cost(price: Price | None) -> str | None:
    return None if price is None else cut(_("Pictures like this: {price}", price=price_words(price)), _DESCRIPTION_MAX)


def _value(menu: ui.Select[Any]) -> str:
    """Return the option that is chosen in a menu, or the one with which it opened."""
    opened_with = next(option.value for option in menu.options if option.default)
    return menu.values[0] if menu.values else opened_with


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
