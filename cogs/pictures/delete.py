"""Deleting a picture: by its member, or by a moderator of the channel's messages, after a confirmation."""

import structlog

from bot.errors import UserFacingError
from bot.gateway.client import ImagineBot
from bot.generation.library import PictureLibrary, PictureUnknown
from bot.picture.generation import Generation
from cogs.shared.access import ImagineInteraction
from cogs.shared.answers import defer, say, show
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.picture_buttons import button_row
from cogs.ui.notes import note
from cogs.ui.picture_buttons import Action, button_of

log = structlog.get_logger(__name__)

_QUESTION = (
    "**Delete this picture?** It goes away for everybody, and out of the history. Pictures that were made from it "
    "stay, and what it cost stays spent. This cannot be taken back."
)


class NotYoursToDelete(UserFacingError):
    """Refuse somebody who neither asked for the picture nor manages the channel's messages."""

    def __init__(self) -> None:
        super().__init__("Only the person who asked for a picture can delete it, or somebody with **Manage Messages**.")


class CannotDelete(UserFacingError):
    """Refuse where Discord does not let the bot delete its own message."""

    def __init__(self) -> None:
        super().__init__(
            "Discord does not let me delete that message, because I cannot see this channel. Ask somebody who manages "
            "its messages to delete it by hand."
        )


class Delete:
    """Asks once, and deletes."""

    def __init__(self, bot: ImagineBot, library: PictureLibrary) -> None:
        self._bot = bot
        self._library = library

    async def ask(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Ask for a private confirmation."""
        _check_may_delete(interaction, generation)
        question = note(_QUESTION, [button_row(generation, [button_of(Action.CONFIRM_DELETE)])])
        await say(interaction, question)

    async def delete(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Take the picture's message away, forget the picture, and say so in the question's place."""
        _check_may_delete(interaction, generation)
        await defer(interaction, thinking=False)
        await self._delete_messages(generation)
        await self._library.mark_deleted(generation)
        await show(interaction, note("Deleted."))

    async def _delete_messages(self, generation: Generation) -> None:
        """Delete the message by the bot's own token, since the question's cannot."""
        if generation.message_id is None:
            raise PictureUnknown
        channel = self._bot.get_partial_messageable(generation.shown_in)
        try:
            with translate_discord_errors():
                await channel.get_partial_message(generation.message_id).delete()
        except Refused as refusal:
            if not refusal.is_gone:
                raise CannotDelete from None
            log.info("picture_already_deleted", generation=str(generation.id))


def _check_may_delete(interaction: ImagineInteraction, generation: Generation) -> None:
    """Raise `NotYoursToDelete` for others; permission to manage one channel's messages doesn't apply in another."""
    if interaction.user.id == generation.origin.user_id:
        return
    if interaction.channel_id != generation.shown_in or not interaction.permissions.manage_messages:
        raise NotYoursToDelete
