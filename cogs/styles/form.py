"""The form that saves a picture, or the images of a message, as a style."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from bot.i18n import _
from bot.picture.request import PROMPT_MAX
from bot.picture.style import NAME_MAX, NOTE_MAX, typed_frame
from bot.picture.style_use import PROMPT_PLACE
from cogs.shared.answers import FORM_KEPT_SECONDS
from cogs.shared.error_replies import errors_answered
from cogs.styles.notes import notes_of

Then = Callable[[discord.Interaction[Any], "StyleForm"], Awaitable[None]]


class StyleForm(ui.Modal):
    """A form for a name, a frame and notes; `then` gets it when it is filled in."""

    def __init__(self, then: Then, *, frame: str, images: int) -> None:
        super().__init__(title=_("Save as style"), timeout=FORM_KEPT_SECONDS)
        self._then = then
        self._frame_before = frame
        self._name: ui.TextInput[StyleForm] = ui.TextInput(max_length=NAME_MAX)
        self._frame: ui.TextInput[StyleForm] = ui.TextInput(
            style=discord.TextStyle.paragraph, default=frame, max_length=PROMPT_MAX
        )
        self._notes: ui.TextInput[StyleForm] = ui.TextInput(required=False, max_length=(NOTE_MAX + 1) * images)
        self.add_item(ui.Label(text=_("Name"), component=self._name))
        about = _("{place} is where your prompt goes", place=PROMPT_PLACE)
        self.add_item(ui.Label(text=_("Words around the prompt"), description=about, component=self._frame))
        describes = (
            _("What the image shows, such as: Nora from the front")
            if images == 1
            else _("What each image shows, separated by a semicolon")
        )
        self.add_item(
            ui.Label(text=_("Note") if images == 1 else _("Notes"), description=describes, component=self._notes)
        )

    @property
    def name(self) -> str:
        """Return the typed name."""
        return self._name.value

    @property
    def frame(self) -> str:
        """Return the typed words around the prompt."""
        return typed_frame(self._frame.value)

    @property
    def notes(self) -> list[str]:
        """Return the note of each image, in order."""
        return notes_of(self._notes.value)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Submit the form; if it's rejected, return the typed frame, since Discord closes the form."""
        async with errors_answered(interaction, lambda: self.frame if self.frame != self._frame_before else ""):
            await self._then(interaction, self)
