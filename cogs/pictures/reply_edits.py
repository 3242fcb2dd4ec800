"""Talking to a picture: a reply to one of the bot's pictures edits it, or shows the picture before it again."""

import asyncio
from dataclasses import replace
from uuid import UUID

import structlog

from bot.errors import InvalidRequest, StorageUnavailable, UserFacingError
from bot.generation.library import PictureLibrary, PictureUnknown
from bot.i18n import _
from bot.i18n.speech import answering_about
from bot.limits.moderation import Moderation
from bot.picture.generation import Generation, State
from bot.picture.help_words import asks_for_help
from bot.picture.price import Price
from cogs.pictures.details import NoPictureOfMine
from cogs.pictures.message_words import check_files
from cogs.pictures.remix import edit_of
from cogs.pictures.replies import Replies
from cogs.pictures.reply_words import PictureReply, ReplyKind
from cogs.pictures.typed_requests import TypedRequests
from cogs.pictures.undo import Undo
from cogs.shared.access import Caller
from cogs.shared.error_replies import sentence_for
from cogs.shared.message_images import images_in
from cogs.shared.picture_buttons import is_here
from cogs.ui.prices import price_words

log = structlog.get_logger(__name__)

_NOTED_WITHIN_SECONDS = 1.0  # a member can reply before the picture's message is noted


class NotFinished(UserFacingError):
    """Refuse to edit a picture that is still being made."""

    def __init__(self) -> None:
        super().__init__(_("That picture isn't finished yet. Please reply again when it is. Nothing was charged."))


class PrivatePicture(UserFacingError):
    """Refuse to edit a private picture where everybody would see the result."""

    def __init__(self) -> None:
        super().__init__(_("That picture is private. Use its **Edit** button, so that it stays private."))


class ReplyEdits:
    """Edits pictures for members who reply to them."""

    def __init__(
        self,
        library: PictureLibrary,
        moderation: Moderation,
        replies: Replies,
        typed: TypedRequests,
        undo: Undo,
    ) -> None:
        self._library = library
        self._moderation = moderation
        self._replies = replies
        self._typed = typed
        self._undo = undo

    async def answer(self, caller: Caller, reply: PictureReply) -> bool:
        """Do what a reply asks for, or say why not; return False if it asks for nothing here."""
        if reply.kind is ReplyKind.PINGED and not reply.is_undo and not await self._any_reply_edits(caller):
            return False
        if reply.kind is ReplyKind.NAMED and asks_for_help(reply.words):
            return False
        locale: str | None = None
        try:
            picture = await self._find(reply)
            if picture is None:
                return False
            locale = picture.origin.locale
            with answering_about(locale):
                await self._do(caller, reply, picture)
        except Exception as error:  # noqa: BLE001  (nothing above this listener answers the member)
            with answering_about(locale):
                await self._replies.refuse(caller, sentence_for(error, "answering a reply to a picture"))
        return True

    async def _do(self, caller: Caller, reply: PictureReply, picture: Generation) -> None:
        """Do what a reply to a picture asks for; raise what keeps it from being done."""
        _check(caller, picture)
        if reply.is_undo:
            await self._undo.show_before(caller, picture)
        else:
            await self._edit(caller, *await self._chosen(reply, picture))

    async def _any_reply_edits(self, caller: Caller) -> bool:
        """Return True if moderators turned that on for the channel, or for the channel of the thread."""
        origin = caller.origin
        try:
            rules = await self._moderation.rulebook(origin.server_key)
        except StorageUnavailable as cause:  # people chat below pictures, so it is only logged
            log.info("reply_not_looked_at", cause=cause.reason)
            return False
        return bool(rules.reply_channels & origin.channel_ids)

    async def _find(self, reply: PictureReply) -> Generation | None:
        """Return the picture that is replied to; None for another message of the bot's, unless `edit:` asks for it."""
        picture = await self._library.find_on_card(reply.picture_message_id)
        if picture is None and reply.replied_to is not None and reply.replied_to.attachments:
            await asyncio.sleep(_NOTED_WITHIN_SECONDS)
            picture = await self._library.find_on_card(reply.picture_message_id)
        if reply.answers_deleted and (picture is not None or reply.kind is ReplyKind.EDIT):
            raise PictureUnknown
        if picture is None and reply.kind is ReplyKind.EDIT:
            raise NoPictureOfMine
        return picture

    async def _chosen(self, reply: PictureReply, picture: Generation) -> tuple[PictureReply, Generation]:
        """Return the picture that a reply is about, also where a card has several, and the reply without its number.

        Raises `InvalidRequest` if it doesn't say which.
        """
        pictures = [each for each in await self._library.batch_of(picture) if _stands_with(each, picture)]
        if picture.message_id != reply.picture_message_id or len(pictures) < 2:
            return reply, picture
        place, words = reply.words_after_place
        chosen = next((each for each in pictures if each.batch and each.batch.place == place), None)
        if chosen is None:
            raise InvalidRequest(
                _(
                    "That card has several pictures. Say which one, for example: `edit 2: {example}`. Nothing was "
                    "charged.",
                    example=_("at night"),
                )
            )
        return replace(reply, words=words), chosen

    async def _edit(self, caller: Caller, reply: PictureReply, picture: Generation) -> None:
        if not reply.words:
            raise InvalidRequest(
                _("Say what should change, for example: `edit: {example}`. Nothing was charged.", example=_("at night"))
            )
        check_files(reply.message)
        images = images_in(reply.message)
        params = picture.request.params.unseeded()
        draft = edit_of(picture, reply.words, params, images, reply.replied_to)
        answering = replace(caller, picture_message_id=reply.picture_message_id)
        edit_id = await self._typed.draw(answering, draft)
        if edit_id is not None:
            await self._explain_once(caller, edit_id)

    async def _explain_once(self, caller: Caller, edit_id: UUID) -> None:
        """Tell a member once what such replies cost and how not to make pictures; the picture comes without it."""
        try:
            if await self._library.is_first_reply_edit(caller.user.id):
                estimate = (await self._library.find(edit_id)).estimate
                await self._replies.hint(caller, reply_hint(None if estimate is None else estimate.price))
        except (StorageUnavailable, PictureUnknown) as cause:
            log.info("hint_not_shown", cause=type(cause).__name__)


def reply_hint(price: Price | None) -> str:
    """Return what a member reads once about replies that edit."""
    if price is None:
        return _(
            "Your reply edits this picture and counts like any other picture. To only chat, turn off the ping in "
            "your reply and don't mention me. I only say this once."
        )
    return _(
        "Your reply edits this picture and counts like any other picture: {price}. To only chat, turn off the ping "
        "in your reply and don't mention me. I only say this once.",
        price=price_words(price),
    )


def _stands_with(other: Generation, picture: Generation) -> bool:
    return other.message_id == picture.message_id and other.deleted_at is None


def _check(caller: Caller, picture: Generation) -> None:
    """Raise the reason why a picture can't be talked to here."""
    guild_id = caller.guild.id if caller.guild else None
    if picture.deleted_at is not None or not is_here(picture, guild_id, caller.user.id):
        raise PictureUnknown
    if picture.request.private and guild_id is not None:
        raise PrivatePicture
    if picture.state is not State.DELIVERED:
        raise NotFinished
