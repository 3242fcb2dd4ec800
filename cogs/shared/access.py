"""Requests from interactions and from messages: the same checks, and the same `Origin`."""

import asyncio
from dataclasses import dataclass

import discord
import structlog
from pydantic import SecretStr

from bot.errors import NotServing, UserFacingError
from bot.gateway.client import GuildPlace, ImagineBot
from bot.gateway.event_schemas import UNNAMED
from bot.gateway.undocumented import FILE_SIZE_LIMIT_BYTES
from bot.i18n import N_, _
from bot.i18n.speech import voices
from bot.picture.origin import Event, InteractionAnswer, Origin
from bot.settings import Settings
from cogs.shared.command_permissions import CommandPermissions, check_may_post, roles_of
from cogs.shared.discord_errors import Refused, translate_discord_errors

log = structlog.get_logger(__name__)

_UNDECIDED_SECONDS = 2.0  # Discord waits 3 for the first answer
_UNSEEN = N_("I can't check the permissions in this thread. Please use another channel. Nothing was charged.")


class NotHere(UserFacingError):
    """Refuse a place in which the operator does not let the bot draw."""


ImagineInteraction = discord.Interaction[ImagineBot]


def seconds_left(interaction: ImagineInteraction) -> float:
    """Return how much time is left to decide about an interaction, counted from the first call for it."""
    now = asyncio.get_running_loop().time()
    began: float = interaction.extras.setdefault("began", now)
    return max(0.0, began + _UNDECIDED_SECONDS - now)


def check_interaction(interaction: ImagineInteraction) -> None:
    """Raise `MissingPermission` where a finished picture could not be posted, before anything is spent."""
    check_place(interaction.client.settings, interaction.guild_id)
    if interaction.is_guild_integration():  # elsewhere the bot can only answer through the interaction
        check_may_post(interaction.app_permissions, interaction.channel)


def check_place(settings: Settings, guild_id: int | None) -> None:
    """Raise `NotHere` in direct messages, unless the operator allows them."""
    if guild_id is None and not (settings.allow_direct_messages or settings.allow_user_install):
        raise NotHere(_("I don't make pictures in direct messages. Use `/imagine` on a server."))


async def look_channel_up(interaction: ImagineInteraction) -> None:
    """Fetch a channel of which the event has only the id: a thread that the bot has not seen.

    Raises `NotHere` if Discord refuses, since the rules of the thread's channel are not known then.
    """
    channel = interaction.channel
    if channel is None or not interaction.is_guild_integration() or getattr(channel, "name", None) != UNNAMED:
        return
    try:
        with translate_discord_errors():
            found = await interaction.client.fetch_channel(channel.id)
    except Refused:
        raise NotHere(_(_UNSEEN)) from None
    if isinstance(found, GuildPlace):
        interaction.channel = found


async def check_press(interaction: ImagineInteraction, permissions: CommandPermissions) -> None:
    """Check a press or a form like a command: Discord does not check whether the member may use `/imagine`."""
    await look_channel_up(interaction)
    check_interaction(interaction)
    if not interaction.is_guild_integration():  # a server that we are not in has set nothing for us
        return
    if isinstance(interaction.user, discord.Member) and isinstance(interaction.channel, GuildPlace):
        await permissions.check(interaction.user, interaction.permissions, interaction.channel)


async def check_before_form(interaction: ImagineInteraction, permissions: CommandPermissions) -> None:
    """Check a press that opens a form, as far as there is time; the submitted form is checked again."""
    try:
        async with asyncio.timeout(seconds_left(interaction)):
            await check_press(interaction, permissions)
    except TimeoutError:
        log.info("form_opened_without_check", guild_id=interaction.guild_id)


def origin_of(interaction: ImagineInteraction, *, private: bool = False) -> Origin:
    """Return the origin of a request by an interaction; a private picture has its person's language."""
    return Origin(
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id or 0,
        user_id=interaction.user.id,
        upload_limit_bytes=interaction.filesize_limit,
        answer=InteractionAnswer(
            application_id=interaction.application_id,
            token=SecretStr(interaction.token),
            expires_at=interaction.expires_at,
        ),
        event=Event(key=f"interaction:{interaction.id}"),
        role_ids=roles_of(interaction.user),
        parent_channel_id=parent_of(interaction.channel),
        moderates=interaction.guild_id is not None and interaction.permissions.manage_guild,
        age_restricted=is_age_restricted(interaction.channel),
        locale=voices().own if private else voices().public,
    )


def parent_of(channel: object) -> int | None:
    """Return the id of the channel that a thread belongs to, or None for anything else."""
    return channel.parent_id if isinstance(channel, discord.Thread) else None


def is_age_restricted(channel: object) -> bool:
    """Return True for an age-restricted channel and its threads; False, which blocks more, where the bot can't tell."""
    if isinstance(channel, discord.Thread):
        return channel.is_nsfw()
    return bool(getattr(channel, "nsfw", False))


async def find_channel(bot: ImagineBot, guild: discord.Guild | None, channel_id: int) -> discord.abc.Messageable:
    """Return a channel in which somebody asked, as much of it as the bot can know.

    Raises what `translate_discord_errors` does. Archived threads, and those that the bot never joined, are in no cache.
    """
    if guild is None or not guild.unavailable:
        with translate_discord_errors():
            channel = bot.get_channel(channel_id) or await bot.fetch_channel(channel_id)
        if isinstance(channel, discord.abc.Messageable):
            return channel
    return bot.get_partial_messageable(channel_id, guild_id=guild.id if guild else None)


class ServerNotKnownYet(NotServing):
    """Refuse what needs a server's channels and roles before Discord has sent them."""

    def __init__(self) -> None:
        super().__init__(_("I'm still starting and don't know this server yet. Please try again in a minute."))


async def known_guild(interaction: ImagineInteraction) -> discord.Guild:
    """Return the server of an interaction with its channels and roles; raise `ServerNotKnownYet`."""
    guild = await interaction.client.guild_once_known(interaction.guild_id or 0)
    if guild is None or guild.unavailable:
        raise ServerNotKnownYet
    return guild


@dataclass(frozen=True, slots=True)
class Caller:
    """A member who asks by a reaction or a mention, and the message that is answered."""

    user: discord.abc.User
    channel: discord.abc.Messageable
    channel_id: int
    message_id: int
    guild: discord.Guild | None
    settings: Settings
    event: Event
    picture_message_id: int | None = None  # which the picture answers, in place of the member's message

    async def check(self, permissions: CommandPermissions) -> None:
        """Raise the reason with which a command would be refused there."""
        check_place(self.settings, self.guild.id if self.guild else None)
        if self.guild is None:
            return
        if self.guild.unavailable:
            raise ServerNotKnownYet
        if not (isinstance(self.channel, GuildPlace) and isinstance(self.user, discord.Member)):
            raise NotHere(_("I can't check your permissions here. Please use `/imagine` instead."))
        check_may_post(self.channel.permissions_for(self.guild.me), self.channel)
        await permissions.check(self.user, self.channel.permissions_for(self.user), self.channel)

    @property
    def origin(self) -> Origin:
        """Return the origin of a request by a message."""
        return Origin(
            guild_id=self.guild.id if self.guild else None,
            channel_id=self.channel_id,
            user_id=self.user.id,
            upload_limit_bytes=self.guild.filesize_limit if self.guild else FILE_SIZE_LIMIT_BYTES,
            reply_to_id=self.picture_message_id or self.message_id,
            event=self.event,
            role_ids=roles_of(self.user),
            parent_channel_id=parent_of(self.channel),
            moderates=isinstance(self.user, discord.Member) and self.user.guild_permissions.manage_guild,
            age_restricted=is_age_restricted(self.channel),
            locale=voices().public,
        )
