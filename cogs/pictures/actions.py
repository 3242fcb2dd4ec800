"""The actions of the buttons on pictures."""

from collections.abc import Awaitable, Callable

from discord.ext import commands

from bot.picture.generation import Generation
from cogs.pictures.delete import Delete
from cogs.pictures.details import PictureDetails
from cogs.pictures.publish import Publish
from cogs.pictures.remix import Remix
from cogs.pictures.reroll import Reroll
from cogs.shared.access import ImagineInteraction
from cogs.ui.picture_buttons import Action

Handler = Callable[[ImagineInteraction, Generation], Awaitable[None]]


class PictureActions(commands.Cog):
    """Runs the action of a button; the type checker names an action without a handler."""

    def __init__(self, reroll: Reroll, remix: Remix, details: PictureDetails, delete: Delete, publish: Publish) -> None:
        self._reroll = reroll
        self._remix = remix
        self._details = details
        self._delete = delete
        self._publish = publish

    async def run(self, action: Action, interaction: ImagineInteraction, generation: Generation) -> None:
        """Run the action; raise a `UserFacingError` with what to do instead."""
        await self._handler(action)(interaction, generation)

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
