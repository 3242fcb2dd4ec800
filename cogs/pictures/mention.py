"""References from other messages: mentioning the bot with images, and "Imagine from this" on any message."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.errors import InvalidRequest
from bot.gateway.client import ImagineBot
from bot.generation.discord_port import DeliveryUnavailable
from bot.generation.draft import ImagineDraft
from bot.i18n import N_, _, ngettext
from bot.images.references import Attachment
from bot.picture.help_words import asks_for_help
from bot.picture.layers import Choices
from bot.picture.origin import Event
from bot.picture.price import PriceOf
from bot.picture.request import REFERENCES_MAX
from cogs.pictures.form import FormText, PictureForm, priced, room_beside
from cogs.pictures.message_words import check_files, spoken
from cogs.pictures.replies import Replies
from cogs.pictures.reply_edits import ReplyEdits
from cogs.pictures.reply_words import picture_reply
from cogs.pictures.typed_requests import TypedRequests, ask, question
from cogs.shared.access import Caller, ImagineInteraction, check_before_form, find_channel, origin_of
from cogs.shared.answers import open_form
from cogs.shared.command_permissions import CommandPermissions
from cogs.shared.confirm import Question
from cogs.shared.discord_errors import Refused
from cogs.shared.help_page import HelpPage
from cogs.shared.message_images import images_in
from cogs.ui.text import few, plain

log = structlog.get_logger(__name__)

_NOT_MY_ROLE = N_(
    "Please mention me, {name}, and not my role of the same name. Discord doesn't show me messages that only mention "
    "the role."
)
_NOT_PRIVATE = N_(
    "Your pictures are private by default, but everyone sees the answer to a mention. For a private one, use "
    "`/imagine`."
)


class Mention(commands.Cog):
    """Draws for members who mention the bot, or choose a message."""

    def __init__(
        self,
        bot: ImagineBot,
        starter: TypedRequests,
        replies: Replies,
        reply_edits: ReplyEdits,
        permissions: CommandPermissions,
        help_page: HelpPage,
        price_of: PriceOf,
    ) -> None:
        self._price_of = price_of
        self._bot = bot
        self._help = help_page
        self._starter = starter
        self._replies = replies
        self._reply_edits = reply_edits
        self._permissions = permissions
        self._menu = app_commands.ContextMenu(name="Imagine from this", callback=self.from_message)

    async def cog_load(self) -> None:
        """Add the command to the menu of messages."""
        self._bot.tree.add_command(self._menu)

    async def from_message(self, interaction: ImagineInteraction, message: discord.Message) -> None:
        """Ask for a prompt, and draw with a message's images as references."""
        await check_before_form(interaction, self._permissions)
        images = images_in(message)
        if not images:
            raise InvalidRequest(
                _("I can't find an image in that message. To make a picture from words only, use `/imagine`.")
            )

        async def then(submitted: discord.Interaction[Any], form: PictureForm) -> None:
            draft = ImagineDraft.of(form.prompt, form.choices, [*images, *form.attachments])
            await self._draw_or_ask(submitted, draft)

        room = room_beside(len(images))
        text = FormText(_("Imagine from this"), _("What to draw"))
        price_with = priced(self._price_of, None, len(images))
        choices = self._starter.choices(origin_of(interaction), Choices(), has_references=True)
        form = PictureForm(text, then, prompt="", choices=choices, room=room, price_with=price_with)
        await open_form(interaction, form)

    @commands.Cog.listener("on_message")
    async def on_message(self, message: discord.Message) -> None:
        """Draw what follows the bot's name, or edit the picture that is replied to."""
        me = self._bot.user
        if me is None or message.author.bot or message.webhook_id is not None:
            return
        is_called = await self._is_called(message, me)
        reply = picture_reply(message, me, names_bot=is_called)
        if not is_called and reply is None:
            return
        if message.guild is None and isinstance(message.channel, discord.PartialMessageable):
            return  # a server that we are not in, or not yet
        caller = await self._caller(message)
        if reply is not None and await self._reply_edits.answer(caller, reply):
            return
        if is_called:
            await self._draw(message, me, caller)

    async def _draw(self, message: discord.Message, me: discord.ClientUser, caller: Caller) -> None:
        """Draw what follows the bot's name, with the images of the message and of the one that it replies to."""
        prompt = spoken(message, me)
        if not message.content:
            await self._replies.explain(caller, _(_NOT_MY_ROLE, name=f"@{plain(me.name)}"))
            return
        if not prompt or asks_for_help(prompt):
            await self._replies.show(caller, self._help.card())
            return
        try:
            check_files(message)
            images = [*images_in(message), *await self._images_replied_to(message)]
        except InvalidRequest as refusal:
            await self._replies.refuse(caller, str(refusal))
            return
        choices = self._starter.choices(caller.origin, Choices(), has_references=bool(images))
        is_private = bool(choices.choices.private)
        draft = ImagineDraft.of(prompt, choices.with_typed({"private": None}), images)
        if len(images) > REFERENCES_MAX:
            await self._replies.ask(caller, left_out(draft.attachments), self._question(caller.user, draft))
        elif await self._starter.draw(caller, draft) is not None and is_private:
            await self._replies.hint(caller, _(_NOT_PRIVATE))

    async def _is_called(self, message: discord.Message, me: discord.ClientUser) -> bool:
        """Return True if a message mentions the bot, or the role that came with it; Discord's list offers both."""
        if re.search(rf"<@!?{me.id}>", message.content):
            return True
        mentioned = {*message.raw_role_mentions, *(role.id for role in message.role_mentions)}
        if not mentioned or message.guild is None:
            return False
        guild = await self._bot.guild_once_known(message.guild.id)
        return guild is not None and guild.self_role is not None and guild.self_role.id in mentioned

    async def _caller(self, message: discord.Message) -> Caller:
        """Return the author, in a channel of which the bot knows as much as Discord tells."""
        guild = await self._bot.guild_once_known(message.guild.id) if message.guild else None
        channel: discord.abc.Messageable = message.channel
        if isinstance(channel, discord.PartialMessageable):
            try:
                channel = await find_channel(self._bot, guild, channel.id)
            except (Refused, DeliveryUnavailable) as cause:
                log.info("channel_not_known", cause=str(cause))
        event = Event(key=f"message:{message.id}")
        return Caller(message.author, channel, message.channel.id, message.id, guild, self._bot.settings, event)

    async def _images_replied_to(self, message: discord.Message) -> Sequence[Attachment]:
        """Return the images of the message that another replies to; raise `InvalidRequest` if it cannot be seen."""
        reference = message.reference
        if reference is None or reference.message_id is None:
            return []
        replied_to = reference.resolved
        if not isinstance(replied_to, discord.Message):
            return []
        images = images_in(replied_to, replied_to=True)
        if not images and not _is_visible(replied_to):
            raise InvalidRequest(
                _(
                    "I can't see the message that you replied to. Open its menu and choose **Apps**, then "
                    "**Imagine from this**."
                )
            )
        return images

    async def _draw_or_ask(self, interaction: ImagineInteraction, draft: ImagineDraft) -> None:
        if len(draft.attachments) <= REFERENCES_MAX:
            await self._starter.start(interaction, draft)
            return
        await ask(interaction, left_out(draft.attachments), self._question(interaction.user, draft))

    def _question(self, asked: discord.abc.User, draft: ImagineDraft) -> Question:
        """Return the question whether to go on without the images for which there is no room."""
        fitting = replace(draft, attachments=draft.attachments[:REFERENCES_MAX])
        label = _("Use the first {count}", count=REFERENCES_MAX)
        return question(asked, label, partial(self._starter.start, draft=fitting))


def left_out(attachments: Sequence[Attachment]) -> str:
    """Return which images a picture has no room for."""
    names = few([attachment.name for attachment in attachments[REFERENCES_MAX:]], _more_images)
    return _(
        "A picture can use up to {most} reference images and you sent {count}. These would be left out: {names}. "
        "Nothing was charged yet.",
        most=REFERENCES_MAX,
        count=len(attachments),
        names=names,
    )


def _more_images(images: str, count: int) -> str:
    return ngettext("{images} and {count} more image", "{images} and {count} more images", count, images=images)


def _is_visible(message: discord.Message) -> bool:
    """Return True if Discord shows us a message's content; without the content intent, other people's are empty."""
    parts = (message.attachments, message.embeds, message.components, message.stickers, message.message_snapshots)
    return bool(message.content or any(parts))
