"""Reaching a channel: by the interaction's token while it lives, then by the bot's own, and never twice."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Self, TypedDict

import discord
import structlog
from discord import ui

from bot.gateway.client import ImagineBot
from bot.gateway.undocumented import ORIGINAL
from bot.generation.discord_port import DeliveryUnavailable, NowhereToPost, Posted
from bot.picture.generation import Generation
from bot.picture.repost import Repost
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.marked_files import CLOCKS_DIFFER_BY, file_marker, find_with_file, first_with, has_file, place_of
from cogs.shared.plainer import Plainer

log = structlog.get_logger(__name__)

_NO_REPLIES_CODE = 160002  # here the bot may not read what it would reply to
_LATEST_MESSAGES = 100  # as many as Discord gives at once
NONCE_CHARACTERS: Final = 25  # Discord's bound


class CardGone(Refused):
    """Say that the card cannot be edited: its token is dead, or somebody deleted it."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """What to put into a channel: a card, and the files that it shows, of which some are `kept` in a message."""

    card: ui.LayoutView
    files: Sequence[discord.File] = ()
    kept: Sequence[discord.Attachment] = ()

    def made(self, plainer: Plainer) -> Self:
        """Return it as `plainer` lets it look."""
        return replace(self, card=plainer(self.card))


class Messages:
    """Edits cards and posts messages for generations, and separates passing errors from final ones."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot

    async def edit_card(self, generation: Generation, outgoing: Callable[[], OutgoingMessage]) -> Posted:
        """Replace the card and return where it stands; raise `CardGone`, or what `translate_discord_errors` says."""
        plainer = Plainer()
        while True:
            with plainer:
                shown = outgoing().made(plainer)
                if generation.origin.answer is None:
                    with translate_discord_errors(CardGone):
                        return await self._edit_own(generation, shown)
                with by_interaction():
                    message = await self._webhook(generation).edit_message(
                        ORIGINAL, view=shown.card, attachments=shown.files
                    )
                    return Posted(generation.origin.channel_id, message.id)

    async def replace_card(self, generation: Generation, outgoing: Callable[[], OutgoingMessage]) -> Posted:
        """Edit the card, or post a new message if it is out of reach; raise `NowhereToPost` without either."""
        try:
            return await self.edit_card(generation, outgoing)
        except CardGone as gone:
            log.info("card_unreachable", generation=str(generation.id), cause=str(gone))
        return await self.post_anew(generation, outgoing)

    async def post_card(self, generation: Generation, card: ui.LayoutView) -> int:
        """Post the first card without an interaction to answer, and return its message's id.

        If the first answer was lost, the nonce makes a second post the first one. Raises `Refused` or
        `DeliveryUnavailable`.
        """
        nonce = _card_nonce(generation)
        try:
            return (await self._send(generation, lambda: OutgoingMessage(card), nonce)).message_id
        except DeliveryUnavailable:
            return (await self._send(generation, lambda: OutgoingMessage(card), nonce)).message_id

    async def find_card(self, generation: Generation, card: ui.LayoutView) -> int | None:
        """Return the id of a card that was perhaps posted and never noted; a reply gets one if it has none.

        None if Discord has none to show. Raises `DeliveryUnavailable`.
        """
        try:
            if generation.origin.answer is None:
                return (await self._send(generation, lambda: OutgoingMessage(card), _card_nonce(generation))).message_id
            with by_interaction():
                return (await self._webhook(generation).fetch_message(ORIGINAL)).id
        except Refused:
            return None

    async def post_anew(
        self, generation: Generation, outgoing: Callable[[], OutgoingMessage], nonce: str = ""
    ) -> Posted:
        """Post into the channel, or to the member if the channel is closed, and return the message's place.

        A private picture goes to the member directly. The nonce makes a second post within some minutes the first one;
        without one, it's that of the picture or its failure. Raises `NowhereToPost`.
        """
        nonce = nonce[:NONCE_CHARACTERS] or generation.short_id
        if not generation.request.private:
            try:
                return await self._send(generation, outgoing, nonce)
            except Refused as cause:
                log.warning("channel_closed", generation=str(generation.id), cause=str(cause))
        try:
            with translate_discord_errors():
                user = await self._bot.fetch_user(generation.origin.user_id)
            return await post_message(user, outgoing, nonce)
        except Refused as cause:
            raise NowhereToPost(str(cause)) from None

    async def find(self, generation: Generation, mark: str) -> Posted | None:
        """Return the message that has a file with `mark` in its name already, or None if there is none to be seen."""
        with suppress(CardGone), by_interaction():
            card = await self._webhook(generation).fetch_message(ORIGINAL)
            if has_file(card, mark):
                return Posted(generation.origin.channel_id, card.id)
        with suppress(Refused), translate_discord_errors():
            return await self._find_in_channel(generation, mark)
        return None

    async def find_like(self, generation: Generation, card: ui.LayoutView) -> Posted | None:
        """Return the message that says and offers the same as a card already, or None if there is none to be seen.

        It may be the generation's own card, or one that `post_anew` posted since the generation ended.
        """
        marks = _marks_of(card)
        for messages in (self._card_itself(generation), self._in_channel(generation), self._to_member(generation)):
            with suppress(Refused), translate_discord_errors():
                async for message in messages:
                    if marks <= _marks_of(ui.LayoutView.from_message(message)):
                        return place_of(message)
        return None

    async def _card_itself(self, generation: Generation) -> AsyncIterator[discord.Message]:
        if generation.card_id is not None:
            yield await self._channel(generation).fetch_message(generation.card_id)

    async def _in_channel(self, generation: Generation) -> AsyncIterator[discord.Message]:
        async for message in self._channel(generation).history(limit=_LATEST_MESSAGES, after=_end_of(generation)):
            yield message

    async def _to_member(self, generation: Generation) -> AsyncIterator[discord.Message]:
        member = await self._bot.fetch_user(generation.origin.user_id)
        async for message in member.history(limit=_LATEST_MESSAGES, after=_end_of(generation)):
            yield message

    async def find_file(self, generation: Generation) -> str | None:
        """Return a fresh link to the file in a picture's message, or None if the bot cannot see it."""
        if generation.message_id is None:
            return None
        channel = self._bot.get_partial_messageable(generation.shown_in)
        with suppress(Refused), translate_discord_errors(Refused):
            message = await channel.fetch_message(generation.message_id)
            mark = "" if generation.batch is None else file_marker(generation.id)
            return next((file.url for file in message.attachments if mark in file.filename), None)
        return None

    async def find_published(self, generation: Generation, mark: str) -> Posted | None:
        """Return the public message of a picture that was published just now, or None if there is none to be seen."""
        with suppress(Refused), translate_discord_errors():
            return await first_with({mark}, self._channel(generation).history(limit=_LATEST_MESSAGES), self._bot)
        return None

    async def publish(self, generation: Generation, outgoing: Callable[[], OutgoingMessage]) -> Posted:
        """Post a private picture into the channel and return its place; raise `NowhereToPost`."""
        nonce = f"p{generation.short_id}"[:NONCE_CHARACTERS]
        try:
            return await self._send(generation, outgoing, nonce)
        except Refused as cause:
            raise NowhereToPost(str(cause)) from None

    async def repost(self, shown: Generation, outgoing: Callable[[], OutgoingMessage], nonce: str) -> Posted:
        """Post a picture once more where `shown` is from, as a reply; raise `Refused` or `DeliveryUnavailable`."""
        return await self._send(shown, outgoing, nonce)

    async def find_repost(self, repost: Repost, mark: str) -> int | None:
        """Return the message of a repost, also of one that was never noted; raise as `translate_discord_errors`."""
        if repost.message_id is not None:
            return repost.message_id
        channel, asked = self._bot.get_partial_messageable(repost.channel_id), discord.Object(repost.request_id)
        with translate_discord_errors():
            found = await first_with({mark}, channel.history(limit=_LATEST_MESSAGES, after=asked), self._bot)
        return None if found is None else found.message_id

    async def delete_card(self, generation: Generation) -> None:
        """Take a card away that nobody updates any more, if it may be done; raise `DeliveryUnavailable` for later."""
        if generation.card_id is None:
            return
        try:
            with translate_discord_errors():
                await self._channel(generation).get_partial_message(generation.card_id).delete()
        except Refused as cause:
            log.info("card_not_deleted", generation=str(generation.id), cause=str(cause))

    async def _find_in_channel(self, generation: Generation, mark: str) -> Posted | None:
        channel = self._channel(generation)
        if generation.card_id is not None:
            try:
                card = await channel.fetch_message(generation.card_id)
            except discord.NotFound:
                pass
            else:
                if has_file(card, mark):
                    return place_of(card)
        return await self._latest_with(generation, {mark})

    async def _latest_with(self, generation: Generation, marks: AbstractSet[str]) -> Posted | None:
        channel = self._channel(generation)
        found = await first_with(marks, channel.history(limit=_LATEST_MESSAGES), self._bot)
        if found is None and generation.delivery_began_at is not None:
            found = await find_with_file(channel, marks, generation.delivery_began_at, self._bot)
        return found

    async def react(self, generation: Generation, emoji: discord.PartialEmoji) -> None:
        """Put an emoji below a posted picture, if it can be done."""
        channel = self._bot.get_partial_messageable(generation.shown_in)
        try:
            with translate_discord_errors():
                await channel.get_partial_message(generation.message_id or 0).add_reaction(emoji)
        except (Refused, DeliveryUnavailable) as cause:
            log.info("reaction_not_added", generation=str(generation.id), cause=str(cause))

    async def _edit_own(self, generation: Generation, outgoing: OutgoingMessage) -> Posted:
        if generation.card_id is None:
            raise CardGone("there is no card")
        card = self._channel(generation).get_partial_message(generation.card_id)
        # discord.py leaves the client's `allowed_mentions` out of an edit without `content`.
        mentions = self._bot.allowed_mentions
        await card.edit(view=outgoing.card, attachments=outgoing.files, allowed_mentions=mentions)
        return Posted(generation.origin.channel_id, card.id)

    async def _send(self, generation: Generation, outgoing: Callable[[], OutgoingMessage], nonce: str) -> Posted:
        """Post into the channel, as a reply where the bot may reply, and return where the message stands.

        Raises what `translate_discord_errors` says.
        """
        channel, reply_to = self._channel(generation), generation.origin.reply_to_id
        if reply_to is not None:
            # A deleted message must not keep the picture from being posted.
            reference = channel.get_partial_message(reply_to).to_reference(fail_if_not_exists=False)
            try:
                return await post_message(channel, outgoing, nonce, reference)
            except Refused as refused:
                if refused.code != _NO_REPLIES_CODE:
                    raise
        return await post_message(channel, outgoing, nonce)

    def _channel(self, generation: Generation) -> discord.PartialMessageable:
        return self._bot.get_partial_messageable(generation.origin.channel_id, guild_id=generation.origin.guild_id)

    def _webhook(self, generation: Generation) -> discord.Webhook:
        answer = generation.origin.answer
        if answer is None or answer.expires_at <= datetime.now(UTC):
            raise CardGone("the right to answer has run out")
        return discord.Webhook.partial(answer.application_id, answer.token.get_secret_value(), client=self._bot)


async def delete_if_there(bot: discord.Client, channel_id: int, message_id: int) -> None:
    """Delete a message by the bot's own token; raise `Refused` if it may still be there."""
    try:
        with translate_discord_errors():
            await bot.get_partial_messageable(channel_id).get_partial_message(message_id).delete()
    except Refused as refused:
        if not refused.is_gone:
            raise
        log.info("message_already_deleted", channel=channel_id, message=message_id)


def _marks_of(view: ui.LayoutView) -> AbstractSet[str]:
    """Return the texts of a card, and the ids of its buttons."""
    items = list(view.walk_children())
    texts = {item.content.strip() for item in items if isinstance(item, ui.TextDisplay)}
    return texts | {custom_id for item in items if (custom_id := getattr(item, "custom_id", None))}


def _end_of(generation: Generation) -> datetime:
    """Return when a generation ended, by the clock that was the earliest."""
    return (generation.finished_at or generation.created_at) - CLOCKS_DIFFER_BY


def _card_nonce(generation: Generation) -> str:
    return f"c{generation.card_key.hex}"[:NONCE_CHARACTERS]


async def post_message(
    place: discord.abc.Messageable,
    outgoing: Callable[[], OutgoingMessage],
    nonce: str,
    reference: discord.MessageReference | None = None,
) -> Posted:
    """Post a message somewhere, plainer where Discord does not take it as it is, and return where it stands."""
    plainer = Plainer()
    while True:
        with plainer:
            shown = outgoing().made(plainer)
            parts: _Parts = {"view": shown.card, "files": shown.files, "nonce": nonce}
            with translate_discord_errors():
                if reference is None:
                    return place_of(await place.send(**parts))
                return place_of(await place.send(**parts, reference=reference))


async def follow_up(interaction: discord.Interaction[Any], outgoing: Callable[[], OutgoingMessage]) -> Posted:
    """Post a message by an interaction that was answered, and return where it stands."""
    plainer = Plainer()
    while True:
        with plainer:
            shown = outgoing().made(plainer)
            with translate_discord_errors():
                return place_of(await interaction.followup.send(view=shown.card, files=shown.files, wait=True))


class _Parts(TypedDict):
    view: ui.LayoutView
    files: Sequence[discord.File]
    nonce: str


@contextmanager
def by_interaction() -> Iterator[None]:
    """Turn what an interaction's token meets into what the workflow knows; 401 is Discord's word for a dead one."""
    with translate_discord_errors(CardGone):
        try:
            yield
        except discord.HTTPException as refusal:
            if refusal.status == 401:
                raise CardGone(str(refusal), refusal.status, refusal.code) from None
            raise
