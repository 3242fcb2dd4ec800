"""Cancelling a picture that is not ordered yet: by its member, or by a moderator."""

import asyncio

from bot.errors import UserFacingError
from bot.generation.cancellations import Cancellations, TooLateToCancel
from bot.generation.library import PictureLibrary
from bot.i18n import _
from bot.picture.failure import FailureKind
from bot.picture.generation import Generation
from cogs.pictures.delete import may_delete
from cogs.shared.access import ImagineInteraction, origin_of
from cogs.shared.answers import defer
from cogs.shared.moderators import moderates_server


class NotYoursToCancel(UserFacingError):
    """Refuse somebody who neither asked for the picture nor moderates."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Only the member who requested this picture, or a moderator with **Manage Messages** or "
                "**Manage Server**, can cancel it."
            )
        )


class Cancel:
    """Cancels for the people who may."""

    def __init__(self, cancellations: Cancellations, library: PictureLibrary) -> None:
        self._cancellations = cancellations
        self._library = library

    async def press(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Cancel the picture whose card was pressed, and show that on this card."""
        _check_may_cancel(interaction, generation)
        await defer(interaction, thinking=False)
        await self._cancel(interaction, _on_pressed_card(interaction, generation))

    async def press_all(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Cancel every picture on a shared card that can be; raise `TooLateToCancel` if none can."""
        _check_may_cancel(interaction, generation)
        await defer(interaction, thinking=False)
        pictures = [each for each in await self._library.batch_of(generation) if each.finished_at is None]
        each_cancelled = (self._cancel(interaction, _on_pressed_card(interaction, each)) for each in pictures)
        outcomes = await asyncio.gather(*each_cancelled, return_exceptions=True)
        errors = [each for each in outcomes if isinstance(each, BaseException)]
        for error in errors:
            if len(errors) == len(pictures) or not isinstance(error, TooLateToCancel):
                raise error

    async def from_list(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Cancel a picture that was chosen from a list, once the press was answered."""
        _check_may_cancel(interaction, generation)
        await self._cancel(interaction, generation)

    async def _cancel(self, interaction: ImagineInteraction, generation: Generation) -> None:
        own = interaction.user.id == generation.origin.user_id
        kind = FailureKind.CANCELLED_BY_MEMBER if own else FailureKind.CANCELLED
        await self._cancellations.cancel(generation, kind)


def _check_may_cancel(interaction: ImagineInteraction, generation: Generation) -> None:
    if not may_delete(interaction, generation) and not moderates_server(interaction):
        raise NotYoursToCancel


def _on_pressed_card(interaction: ImagineInteraction, generation: Generation) -> Generation:
    """Return the picture with the pressed message as its card, which the press may edit, however old it is."""
    card_id = generation.card_id if interaction.message is None else interaction.message.id
    origin = generation.origin.model_copy(update={"answer": origin_of(interaction).answer})
    return generation.model_copy(update={"origin": origin, "card_id": card_id})
