"""Undoing an edit: the picture before it is shown again, without a new order and free of charge."""

from bot.errors import InvalidRequest, UserFacingError
from bot.gateway.client import ImagineBot
from bot.generation.discord_port import NowhereToPost, Picture, Posted
from bot.generation.library import AgeRestrictedPicture, PictureLibrary, PictureUnknown
from bot.generation.service import GenerationService
from bot.i18n import _
from bot.picture.generation import Generation, State
from bot.picture.price import PriceOf
from bot.picture.repost import Repost
from cogs.shared.access import Caller
from cogs.shared.command_permissions import CommandPermissions
from cogs.shared.discord_errors import Refused
from cogs.shared.messages import Messages, OutgoingMessage
from cogs.shared.picture_buttons import may_show
from cogs.shared.picture_message import picture_message
from cogs.ui.cards import picture_link


class NotShownHere(UserFacingError):
    """Refuse to show a picture in a place that it never stood in: not everybody here may see it."""


class Undo:
    """Shows the picture before an edit once more, as a reply to the member."""

    def __init__(
        self,
        bot: ImagineBot,
        library: PictureLibrary,
        generations: GenerationService,
        permissions: CommandPermissions,
        price_of: PriceOf,
    ) -> None:
        self._library = library
        self._generations = generations
        self._permissions = permissions
        self._price_of = price_of
        self._messages = Messages(bot)
        self._speech = bot.speech

    async def show_before(self, caller: Caller, picture: Generation) -> None:
        """Post the picture that another was made from; raise a `UserFacingError` that says why not."""
        await caller.check(self._permissions)
        await self._generations.check_admitted(caller.origin)
        before = await self._before(picture)
        _check_may_stand_in(caller, before)
        shown = before.model_copy(update={"origin": caller.origin})

        async def post(file: Picture) -> Posted:
            def outgoing() -> OutgoingMessage:
                with self._speech.spoken(before.origin.locale):
                    return picture_message(before, file, self._price_of)

            return await self._messages.repost(shown, outgoing, f"u{caller.message_id}")

        repost = Repost(request_id=caller.message_id, channel_id=caller.channel_id)
        try:
            await self._library.repost(before, repost, post)
        except (NowhereToPost, Refused):
            raise NotShownHere(_("Discord doesn't let me post that picture here.")) from None

    async def _before(self, picture: Generation) -> Generation:
        """Return the nearest picture that another was made from, past requests that failed."""
        if picture.parent is None:
            raise InvalidRequest(_("This is the first picture: there's none before it. Nothing was changed."))
        for ancestor in await self._library.ancestors(picture):
            if ancestor.state is State.DELIVERED and ancestor.deleted_at is None:
                return ancestor
            if ancestor.state is State.DELIVERED:
                break
        raise PictureUnknown


def _check_may_stand_in(caller: Caller, before: Generation) -> None:
    """Raise `NotShownHere` for a private picture, and for one of another channel, which may be more private.

    Raises `AgeRestrictedPicture` where the channel isn't age-restricted any more.
    """
    if not may_show(caller.channel, before):
        raise AgeRestrictedPicture
    if caller.guild is None:
        return
    if before.request.private:
        raise NotShownHere(_("The picture before this one is private, so I don't show it here."))
    if before.was_sent_directly or before.origin.channel_id != caller.channel_id:
        link = picture_link(before)
        if before.was_sent_directly or link is None:
            raise NotShownHere(_("The picture before this one isn't from this channel, so I don't show it here."))
        raise NotShownHere(
            _("The picture before this one is in another channel: [open it]({link}). I don't show it here.", link=link)
        )
