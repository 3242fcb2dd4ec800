"""The actions of the buttons on pictures."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from discord.ext import commands

from bot.generation.library import PictureLibrary, PictureUnknown
from bot.picture.generation import Generation
from cogs.pictures.delete import Delete
from cogs.pictures.details import PictureDetails
from cogs.pictures.publish import Publish
from cogs.pictures.remix import Remix
from cogs.pictures.reroll import Reroll
from cogs.shared.access import ImagineInteraction
from cogs.shared.picture_buttons import find_here
from cogs.ui.picture_buttons import Action

Handler = Callable[[ImagineInteraction, Generation], Awaitable[None]]


class PictureActions(commands.Cog):
    """Runs the action of a button; the type checker names an action without a handler."""

    def __init__(
        self,
        library: PictureLibrary,
        reroll: Reroll,
        remix: Remix,
        details: PictureDetails,
        delete: Delete,
        publish: Publish,
    ) -> None:
        self._library = library
        self._reroll = reroll
        self._remix = remix
        self._details = details
        self._delete = delete
        self._publish = publish

    async def run(self, action: str, interaction: ImagineInteraction, generation_id: UUID) -> None:
        """Find the picture and run the action; raise a `UserFacingError` with what to do instead."""
        generation = await find_here(self._library, interaction, generation_id)
        try:
            handler = self._handler(Action(action))
        except ValueError:
            raise PictureUnknown from None
        await handler(interaction, generation)

    def _handler(self, action: Action) -> Handler:
        match action:
            case Action.REROLL:
                return self._reroll.reroll
            case Action.RETRY:
                return self._reroll.retry
            case Action.LARGER:
                return self._reroll.larger
            case Action.REMIX:
                return self._remix.remix
            case Action.EDIT:
                return self._remix.edit
            case Action.DETAILS:
                return self._details.show
            case Action.DELETE:
                return self._delete.ask
            case Action.CONFIRM_DELETE:
                return self._delete.delete
            case Action.PUBLISH:
                return self._publish.publish
