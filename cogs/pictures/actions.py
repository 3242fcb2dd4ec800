"""What the buttons on pictures do."""

from collections.abc import Awaitable, Callable, Mapping

from discord.ext import commands

from bot.picture.generation import Generation
from cogs.pictures.copy_command import CopyCommand
from cogs.pictures.delete import Delete
from cogs.pictures.details import PictureDetails
from cogs.pictures.more import More
from cogs.pictures.publish import Publish
from cogs.pictures.remix import Remix
from cogs.pictures.reroll import Reroll
from cogs.shared.access import ImagineInteraction
from cogs.ui.picture_buttons import Action

Handler = Callable[[ImagineInteraction, Generation], Awaitable[None]]


class PictureActions(commands.Cog):
    """Runs the action of a button; raises `TypeError` for an action without a handler as the bot starts."""

    def __init__(self, reroll: Reroll, details: PictureDetails, delete: Delete, publish: Publish) -> None:
        remix = Remix()
        self._handlers: Mapping[Action, Handler] = {
            Action.REROLL: reroll.reroll,
            Action.RETRY: reroll.retry,
            Action.LARGER: reroll.larger,
            Action.REMIX: remix.remix,
            Action.EDIT: remix.edit,
            Action.EDIT_PROMPT: remix.edit_prompt,
            Action.USE_AS_REFERENCE: remix.use_as_reference,
            Action.MORE: More().show,
            Action.DETAILS: details.show,
            Action.COPY_COMMAND: CopyCommand().show,
            Action.DELETE: delete.ask,
            Action.CONFIRM_DELETE: delete.delete,
            Action.PUBLISH: publish.publish,
        }
        if missing := set(Action) - set(self._handlers):
            raise TypeError(f"no handler for {', '.join(sorted(missing))}")

    async def run(self, action: Action, interaction: ImagineInteraction, generation: Generation) -> None:
        """Run the action; raise a `UserFacingError` with what to do instead."""
        await self._handlers[action](interaction, generation)
