"""Publishing a private picture, and posting one of several pictures in a message of its own."""

from uuid import UUID

import discord

from bot.errors import UserFacingError
from bot.gateway.client import ImagineBot
from bot.generation.discord_port import DeliveryUnavailable, NowhereToPost, Picture, Posted
from bot.generation.library import PictureLibrary, PictureUnknown
from bot.generation.service import GenerationService
from bot.i18n import _
from bot.i18n.speech import in_public, voices
from bot.picture.generation import Generation
from bot.picture.origin import Origin
from bot.picture.price import PriceOf
from bot.picture.repost import Repost
from cogs.shared.access import ImagineInteraction, check_press, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.command_permissions import CommandPermissions
from cogs.shared.discord_errors import Refused
from cogs.shared.emoji import emoji_of
from cogs.shared.marked_files import file_marker
from cogs.shared.messages import Messages, OutgoingMessage, follow_up
from cogs.shared.picture_message import picture_message
from cogs.ui.cards import picture_link
from cogs.ui.notes import note


class NotPosted(UserFacingError):
    """Say why a picture got no message of its own."""


class NotPublished(UserFacingError):
    """Say that a picture stays private for now."""


class Publish:
    """Posts private pictures into their channels, and pictures of a shared card as messages of their own.

    A published picture is a public one from then on: so are its rerolls, and its private card gives way to a link.
    """

    def __init__(
        self,
        bot: ImagineBot,
        library: PictureLibrary,
        generations: GenerationService,
        permissions: CommandPermissions,
        price_of: PriceOf,
    ) -> None:
        self._price_of = price_of
        self._library = library
        self._generations = generations
        self._permissions = permissions
        self._messages = Messages(bot)
        self._emoji = next(map(emoji_of, bot.settings.reroll_emoji), None)
        self._under_way: set[UUID] = set()

    async def publish(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Post the picture, and put a link to it in the private card's place; a second press waits for the first."""
        await defer(interaction, thinking=False)
        if generation.id in self._under_way:
            return
        self._under_way.add(generation.id)
        try:
            await check_press(interaction, self._permissions)
            found = await self._library.find(generation.id)
            if found.request.private:
                await self._generations.check_may_publish(found, _where_it_goes(interaction, found))
            shown = await self._shown(interaction, found)
        finally:
            self._under_way.remove(generation.id)
        await show(interaction, note(_where(shown)))

    async def post_separately(self, interaction: ImagineInteraction, generation: Generation) -> None:
        """Post a picture below the card that it shares, and put a link to it in the place of the buttons."""
        await defer(interaction, thinking=False)
        await check_press(interaction, self._permissions)
        await self._generations.check_admitted(origin_of(interaction))
        if generation.request.private or interaction.channel_id != generation.shown_in:
            raise PictureUnknown
        posted = await self._repost(interaction, generation)
        if posted is not None:  # else Discord told of the same press twice
            shown = generation.model_copy(update={"message_id": posted.message_id})
            await show(interaction, note(_("Posted: [open it]({link}).", link=picture_link(shown))))
            await self._invite(shown)

    async def _repost(self, interaction: ImagineInteraction, generation: Generation) -> Posted | None:
        """Post a picture once more and return where; None if this request has its message already."""
        below_card = generation.origin.model_copy(update={"reply_to_id": generation.message_id})
        shown = generation.model_copy(update={"origin": below_card})

        async def post(picture: Picture) -> Posted:
            def outgoing() -> OutgoingMessage:
                with interaction.client.speech.spoken(generation.origin.locale):
                    return picture_message(generation, picture, self._price_of)

            if _is_member(interaction):
                return await self._messages.repost(shown, outgoing, f"s{interaction.id}")
            return await follow_up(interaction, outgoing)

        repost = Repost(request_id=interaction.id, channel_id=generation.shown_in)
        try:
            return await self._library.repost(generation, repost, post)
        except (NowhereToPost, Refused):
            raise NotPosted(_("Discord doesn't let me post that picture here.")) from None
        except DeliveryUnavailable:
            raise NotPosted(_("Discord isn't responding. Please try again in a minute.")) from None

    async def _invite(self, shown: Generation) -> None:
        if self._emoji:
            await self._messages.react(shown, self._emoji)

    async def _shown(self, interaction: ImagineInteraction, generation: Generation) -> Generation:
        """Return the picture as it is for everybody, posting it if it is private still."""
        if not generation.request.private:
            return generation
        origin = generation.origin.model_copy(update={"locale": voices().public})
        request = generation.request.model_copy(update={"private": False})
        public = generation.model_copy(update={"origin": origin, "request": request})
        posted = await self._messages.find_published(public, file_marker(public.id))
        if posted is None:
            posted = await self._post(interaction, public)
        shown = await self._library.mark_published(public, posted)
        await self._invite(shown)
        return shown

    async def _post(self, interaction: ImagineInteraction, public: Generation) -> Posted:
        """Post by the bot's own token, or where it isn't a member by the interaction's."""

        async def post(picture: Picture) -> Posted:
            def outgoing() -> OutgoingMessage:
                with in_public():
                    return picture_message(public, picture, self._price_of)

            if _is_member(interaction):
                return await self._messages.publish(public, outgoing)
            return await follow_up(interaction, outgoing)

        try:
            return await self._library.post(public, post)
        except (NowhereToPost, Refused):
            raise NotPublished(_("Discord doesn't let me post here, so the picture is still private.")) from None
        except DeliveryUnavailable:
            raise NotPublished(_("Discord isn't responding. Please try again in a minute.")) from None


def _is_member(interaction: ImagineInteraction) -> bool:
    """Return True if the bot may post by its own token."""
    return interaction.is_guild_integration() or interaction.context.dm_channel


def _where_it_goes(interaction: ImagineInteraction, generation: Generation) -> Origin:
    """Return the member who presses, in the channel in which the picture is going to be posted."""
    origin, channel_id = origin_of(interaction), generation.origin.channel_id
    if interaction.guild is None or channel_id == origin.channel_id:
        return origin
    place = interaction.guild.get_channel_or_thread(channel_id)
    parent_id = place.parent_id if isinstance(place, discord.Thread) else None
    return origin.model_copy(update={"channel_id": channel_id, "parent_channel_id": parent_id})


def _where(shown: Generation) -> str:
    link = picture_link(shown)
    return _("Published.") if link is None else _("Published: [everyone can see it]({link}).", link=link)
