"""Prompts to begin with: a button for each, which opens a form with it."""

import re
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self, runtime_checkable

import discord
from discord import ui

from bot.i18n import N_, _
from bot.picture.params import FluxParams, Resolution
from cogs.shared.access import ImagineInteraction
from cogs.shared.persistent import PersistentItem


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt with its choices, and the label of its button."""

    label: str
    prompt: str
    params: FluxParams


EXAMPLES: Final = (
    Example(
        N_("Lighthouse"),
        N_("a lighthouse in a storm at dusk, oil painting, dramatic light"),
        FluxParams(aspect_ratio="16:9"),
    ),
    Example(
        N_("Fox portrait"),
        N_("portrait of a fox in a blue coat, storybook illustration, soft colors"),
        FluxParams(aspect_ratio="4:5"),
    ),
    Example(
        N_("Tiny city"),
        N_("a tiny city inside a glass bottle on a desk, macro photo, morning sun"),
        FluxParams(aspect_ratio="1:1", resolution=Resolution.TWO_MP),
    ),
)


@runtime_checkable
class Examples(Protocol):
    """Opens the form with an example."""

    async def open(self, interaction: ImagineInteraction, example: Example) -> None:
        """Open the form, filled in."""


class ExampleButton(PersistentItem[ui.Button[ui.LayoutView]], template=r"x:(?P<number>\d{1,2})"):
    """The button of one example; the cog `Examples` opens its form."""

    def __init__(self, number: int) -> None:
        label = _(EXAMPLES[number % len(EXAMPLES)].label)
        super().__init__(ui.Button(label=label, emoji="✨", custom_id=f"x:{number}"))
        self._number = number

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed, on whatever message, however old."""
        return cls(int(match["number"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        examples = interaction.client.get_cog(Examples.__name__)
        if not isinstance(examples, Examples):
            raise TypeError(f"the cog Examples is {examples!r}")
        await examples.open(interaction, EXAMPLES[self._number % len(EXAMPLES)])


def examples_row() -> ui.ActionRow[ui.LayoutView]:
    """Return a button for each example."""
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for number in range(len(EXAMPLES)):
        row.add_item(ExampleButton(number))
    return row
