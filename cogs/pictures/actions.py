"""The actions of the buttons on pictures."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol
from uuid import UUID

from discord.ext import commands

from bot.generation.library import PictureLibrary, PictureUnknown
from bot.picture.generation import Generation
from cogs.pictures.cancel import Cancel
from cogs.pictures.compare import Compare
from cogs.pictures.copy_command import CopyCommand
from cogs.pictures.delete import Delete
from cogs.pictures.details import PictureDetails
from cogs.pictures.favourite import Favourite
from cogs.pictures.more import More
from cogs.pictures.publish import Publish
from cogs.pictures.remix import Remix
from cogs.pictures.reroll import Reroll
from cogs.shared.access import ImagineInteraction
from cogs.shared.picture_buttons import find_here
from cogs.ui.picture_buttons import Action

_SHOWING_NOTHING: Final = {
    *(Action.MORE, Action.CHOOSE, Action.UNFAVOURITE, Action.CANCEL, Action.CANCEL_ALL),
    *(Action.DELETE, Action.CONFIRM_DELETE),
}
Handler = Callable[[ImagineInteraction, Generation], Awaitable[None]]


class SavesAsStyle(Protocol):
    """Saves a picture as a style: another feature's part."""

    async def from_picture(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Ask for a name, and save the picture with its options."""


class PictureActions(commands.Cog):
    """Runs the action of a button; raises `TypeError` for an action without a handler as the bot starts."""

    def __init__(
        self,
        library: PictureLibrary,
        reroll: Reroll,
        remix: Remix,
        more: More,
        details: PictureDetails,
        delete: Delete,
        publish: Publish,
        cancel: Cancel,
        favourite: Favourite,
        save: SavesAsStyle,
    ) -> None:
        self._library = library
        self._handlers: Mapping[Action, Handler] = {
            Action.REROLL: reroll.reroll,
            Action.RETRY: reroll.retry,
            Action.LARGER: reroll.larger,
            Action.REMIX: remix.remix,
            Action.EDIT: remix.edit,
            Action.EDIT_PROMPT: remix.edit_prompt,
            Action.USE_AS_REFERENCE: remix.use_as_reference,
            Action.MORE: more.show,
            Action.DETAILS: details.show,
            Action.COMPARE: Compare(library).show,
            Action.COPY_COMMAND: CopyCommand().show,
            Action.DELETE: delete.ask,
            Action.CONFIRM_DELETE: delete.delete,
            Action.PUBLISH: publish.publish,
            Action.FAVOURITE: favourite.add,
            Action.UNFAVOURITE: favourite.remove,
            Action.SAVE_AS_STYLE: save.from_picture,
            Action.CANCEL: cancel.press,
            Action.CANCEL_ALL: cancel.press_all,
            Action.REROLL_ALL: reroll.reroll_all,
            Action.CHOOSE: more.choose,
            Action.POST: publish.post_separately,
        }
        if missing := set(Action) - set(self._handlers):
            raise TypeError(f"no handler for {', '.join(sorted(missing))}")

    async def run(self, action: str, interaction: ImagineInteraction, generation_id: UUID) -> None:
        """Find the picture and run the action; raise a `UserFacingError` with what to do instead."""
        generation = await find_here(self._library, interaction, generation_id, to_show=action not in _SHOWING_NOTHING)
        try:
            handler = self._handlers[Action(action)]
        except ValueError:
            raise PictureUnknown from None
        await handler(interaction, generation)
