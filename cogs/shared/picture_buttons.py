"""The buttons on pictures, which know an action and a picture, and nothing else."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any, Protocol, Self, runtime_checkable
from uuid import UUID

import discord
from discord import ui

from bot.errors import UserFacingError
from bot.generation.library import AgeRestrictedPicture, PictureLibrary, PictureUnknown
from bot.i18n import _
from bot.picture.failure import Failure
from bot.picture.generation import IN_REVIEW, Generation
from bot.picture.progress import Progress, Queued
from bot.picture.review import ReviewOf
from cogs.shared.access import ImagineInteraction, is_age_restricted, seconds_left
from cogs.shared.persistent import PersistentItem
from cogs.ui.batch_cards import batch_card
from cogs.ui.cards import progress_card
from cogs.ui.picture_buttons import Action, ButtonSpec, button_of, details_buttons, failure_buttons, picture_buttons
from cogs.ui.stages import review_stage

_TEMPLATE = r"p:(?P<action>[a-z]+):(?P<id>[0-9a-f]{32})"

_ROW_MAX = 5  # Discord's bound


class TooSlow(UserFacingError):
    """Refuse a press while the database does not answer in time."""

    def __init__(self) -> None:
        super().__init__(_("I couldn't find that picture in time. Nothing was charged. Please try again in a moment."))


@runtime_checkable
class PictureActions(Protocol):
    """Runs an action on a picture for the member who pressed its button."""

    async def run(self, action: str, interaction: ImagineInteraction, generation_id: UUID) -> None:
        """Find the picture and run the action; raise a `UserFacingError` with what to do instead."""


class PictureButton(PersistentItem[ui.Button[ui.LayoutView]], template=_TEMPLATE):
    """A button that acts on one picture; the cog `PictureActions` runs its action."""

    def __init__(self, action: str, generation_id: UUID, spec: ButtonSpec | None = None) -> None:
        button: ui.Button[ui.LayoutView] = ui.Button(custom_id=f"p:{action}:{generation_id.hex}")
        if spec is not None:
            button.label, button.emoji, button.style = spec.label, spec.emoji, spec.style
        super().__init__(button)
        self._action = action
        self._generation_id = generation_id

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: ui.Item[ui.LayoutView], match: re.Match[str], /) -> Self:
        """Return the button that was pressed, on whatever message, however old."""
        return cls(match["action"], UUID(hex=match["id"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Run the action."""
        actions = interaction.client.get_cog(PictureActions.__name__)
        if not isinstance(actions, PictureActions):
            raise TypeError(f"the cog PictureActions is {actions!r}")
        await actions.run(self._action, interaction, self._generation_id)


async def find_here(
    library: PictureLibrary, interaction: ImagineInteraction, generation_id: UUID, *, to_show: bool = True
) -> Generation:
    """Return a picture that was acted on, perhaps to show it or to make another.

    Raises `PictureUnknown`, `AgeRestrictedPicture`, or `TooSlow` while there is time to say so.
    """
    try:
        async with asyncio.timeout(seconds_left(interaction)):
            generation = await library.find(generation_id)
    except TimeoutError:
        raise TooSlow from None
    check_is_here(interaction, generation, to_show=to_show)
    return generation


def check_is_here(interaction: ImagineInteraction, generation: Generation, *, to_show: bool = True) -> None:
    """Raise `PictureUnknown` for another server's picture, and for somebody else's private one.

    With `to_show`, raise `AgeRestrictedPicture` outside age-restricted channels for a picture of one.
    In direct messages, people have their own: those of servers too, which are sent there when nothing else is left.
    """
    if not is_here(generation, interaction.guild_id, interaction.user.id):
        raise PictureUnknown
    if to_show and not may_show(interaction.channel, generation):
        raise AgeRestrictedPicture


def may_show(channel: object, generation: Generation) -> bool:
    """Return False outside age-restricted channels for a picture of one."""
    return not generation.origin.age_restricted or is_age_restricted(channel)


def is_here(generation: Generation, guild_id: int | None, user_id: int) -> bool:
    """Return True if a picture belongs to a server, or to the direct messages, in which it's used."""
    origin = generation.origin
    own = user_id == origin.user_id
    here = origin.guild_id == guild_id or (own and guild_id is None)
    return here and (own or (origin.guild_id is not None and not generation.request.private))


def picture_rows(generation: Generation) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return the buttons below a picture."""
    return [button_row(generation, picture_buttons(generation))]


def progress_rows(generation: Generation) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return the buttons below the progress of a picture: Cancel while it is not ordered."""
    return cancel_rows(generation) if generation.can_be_cancelled else []


def cancel_rows(generation: Generation) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return the Cancel button below the progress of a picture."""
    return [button_row(generation, [button_of(Action.CANCEL)])]


def waiting_card(pictures: Sequence[Generation]) -> ui.LayoutView:
    """Return the card of a command's pictures, or as many as are known, that wait for their turn or a moderator."""
    generation = pictures[0]
    if generation.batch is not None:
        buttons = [button_of(Action.CANCEL_ALL)] if generation.can_be_cancelled else []
        return batch_card(pictures, {}, {}, _row_if_any(generation, buttons))
    is_reviewed = generation.state in IN_REVIEW or generation.awaits_review(ReviewOf.PROMPT)
    stage: Progress = review_stage(generation) if is_reviewed else Queued()
    prompt, rows = generation.request.prompt, progress_rows(generation)
    return progress_card(prompt, stage, generation.usual_seconds, generation.estimate, rows)


def failure_rows(generation: Generation, failure: Failure) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return the buttons below a reason why there is no picture, if any can help."""
    return _row_if_any(generation, failure_buttons(failure))


def details_rows(generation: Generation) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return the buttons below the details of a picture, if any."""
    return _row_if_any(generation, details_buttons(generation))


def _row_if_any(generation: Generation, buttons: Sequence[ButtonSpec]) -> list[ui.ActionRow[ui.LayoutView]]:
    return [button_row(generation, buttons)] if buttons else []


def button_rows(generation: Generation, buttons: Sequence[ButtonSpec]) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return buttons that act on a picture, in as many rows as they need."""
    return rows_of(picture_items(generation, buttons))


def button_row(generation: Generation, buttons: Sequence[ButtonSpec]) -> ui.ActionRow[ui.LayoutView]:
    """Return buttons that act on a picture, in one row."""
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow(*picture_items(generation, buttons))
    return row


def picture_items(generation: Generation, buttons: Sequence[ButtonSpec]) -> Sequence[ui.Item[Any]]:
    """Return buttons that act on a picture."""
    return [PictureButton(button.action, generation.id, button) for button in buttons]


def rows_of(items: Sequence[ui.Item[Any]]) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return buttons in as many rows as they need."""
    return [ui.ActionRow(*items[start : start + _ROW_MAX]) for start in range(0, len(items), _ROW_MAX)]
