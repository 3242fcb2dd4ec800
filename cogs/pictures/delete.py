"""Deleting a picture: by its member, or by a moderator of the channel's messages, after a confirmation."""

from typing import Protocol

import structlog

from bot.errors import UserFacingError
from bot.gateway.client import ImagineBot
from bot.generation.library import PictureLibrary, PictureUnknown
from bot.i18n import _
from bot.picture.generation import Generation
from bot.picture.repost import Repost
from cogs.shared.access import ImagineInteraction
from cogs.shared.answers import defer, say, show
from cogs.shared.cancel import CancelButton
from cogs.shared.discord_errors import Refused
from cogs.shared.marked_files import file_marker
from cogs.shared.messages import Messages, delete_if_there
from cogs.shared.picture_buttons import button_row
from cogs.ui.notes import note
from cogs.ui.picture_buttons import Action, button_of

log = structlog.get_logger(__name__)


class NotYoursToDelete(UserFacingError):
    """Refuse a member who neither requested the picture nor manages the channel's messages."""

    def __init__(self) -> None:
        super().__init__(
            _("Only the member who requested this picture, or a moderator with **Manage Messages**, can delete it.")
        )


class CannotDelete(UserFacingError):
    """Refuse where Discord does not let the bot delete its own message."""

    def __init__(self) -> None:
        super().__init__(
            _("Discord doesn't let me delete that message because I can't see this channel. Please ask a moderator.")
        )


class SharedCards(Protocol):
    """Changes the cards that several pictures share."""

    async def take_off(self, generation: Generation) -> None:
        """Take a picture and its file off its card; raise `Refused` if the card is out of reach."""


class Delete:
    """Asks once, and deletes."""

    def __init__(self, bot: ImagineBot, library: PictureLibrary, delivery: SharedCards) -> None:
        self._delivery = delivery
        self._bot = bot
        self._messages = Messages(bot)
        self._library = library

    async def ask(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Ask for a private confirmation."""
        _check_may_delete(interaction, generation)
        row = button_row(generation, [button_of(Action.CONFIRM_DELETE)])
        row.add_item(CancelButton())
        await say(interaction, note(question_text(generation), [row]))

    async def delete(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Delete the picture's message, take the picture out of the history, and say so in the question's place."""
        _check_may_delete(interaction, generation)
        await defer(interaction, thinking=False)
        if generation.batch is not None:
            await self._delete_from_batch(generation)
        elif not _is_out_of_reach(generation):
            await self._delete_messages(generation)
        for repost in await self._library.reposts(generation.id):
            await self._delete_repost(generation, repost)
        await self._library.mark_deleted(generation)
        await show(interaction, note(_("Deleted.")))

    async def _delete_from_batch(self, generation: Generation) -> None:
        """Take a picture off the card that it shares, or delete the message if it shows no other."""
        shown = [each for each in await self._library.batch_of(generation) if _stands_beside(each, generation)]
        if not shown:
            if not _is_out_of_reach(generation):
                await self._delete_messages(generation)
            return
        try:
            await self._delivery.take_off(generation)
        except Refused as refusal:
            if not refusal.is_gone and not _is_out_of_reach(generation):
                raise CannotDelete from None
            log.info("picture_already_deleted", generation=str(generation.id))

    async def _delete_messages(self, generation: Generation) -> None:
        """Delete the message by the bot's own token, since the question's cannot."""
        if generation.message_id is None:
            raise PictureUnknown
        await self._delete(generation.shown_in, generation.message_id)

    async def _delete_repost(self, generation: Generation, repost: Repost) -> None:
        try:
            message_id = await self._messages.find_repost(repost, file_marker(generation.id))
        except Refused:
            raise CannotDelete from None
        if message_id is not None:
            await self._delete(repost.channel_id, message_id)

    async def _delete(self, channel_id: int, message_id: int) -> None:
        try:
            await delete_if_there(self._bot, channel_id, message_id)
        except Refused:
            raise CannotDelete from None


def may_delete(interaction: ImagineInteraction, generation: Generation) -> bool:
    """Return True for the picture's member and for moderators of the channel in which it stands."""
    if interaction.user.id == generation.origin.user_id:
        return True
    return interaction.channel_id == generation.shown_in and interaction.permissions.manage_messages


def question_text(generation: Generation) -> str:
    """Return the question before a picture is deleted."""
    if _is_out_of_reach(generation):
        return _(
            "**Delete this picture?** It's removed from your history, and this can't be undone. Discord doesn't let me "
            "delete its private message, but you can dismiss it. Pictures made from it stay, and its cost isn't "
            "refunded."
        )
    return _(
        "**Delete this picture?** It's removed for everyone and from the history, and this can't be undone. Pictures "
        "made from it stay, and its cost isn't refunded."
    )


def _check_may_delete(interaction: ImagineInteraction, generation: Generation) -> None:
    if not may_delete(interaction, generation):
        raise NotYoursToDelete


def _stands_beside(other: Generation, generation: Generation) -> bool:
    """Return True if another picture is shown, or will be, in the same message."""
    if other.id == generation.id or other.deleted_at is not None or other.failure is not None:
        return False
    return other.message_id in {None, generation.message_id}


def _is_out_of_reach(generation: Generation) -> bool:
    """Return True if the picture is in a private answer, which no bot can delete later."""
    return generation.request.private and not generation.was_sent_directly
