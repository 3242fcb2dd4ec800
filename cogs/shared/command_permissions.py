"""Checks who may use `/imagine` in which channels, since Discord doesn't for buttons, reactions and mentions."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import discord
import structlog

from bot.errors import MissingPermission, UserFacingError
from bot.gateway.client import GuildPlace, ImagineBot
from bot.gateway.undocumented import command_overrides, role_ids_of
from bot.generation.discord_port import DeliveryUnavailable
from bot.i18n import N_, _, and_list
from cogs.shared.discord_errors import Refused, translate_discord_errors

log = structlog.get_logger(__name__)

_REMEMBERED_SECONDS = 60.0  # a server's overrides change rarely, and each look is a request
_COMMAND = "imagine"
_LABELS = {
    "view_channel": N_("View Channel"),
    "connect": N_("Connect"),
    "send_messages": N_("Send Messages"),
    "send_messages_in_threads": N_("Send Messages in Threads"),
    "attach_files": N_("Attach Files"),
    "read_message_history": N_("Read Message History"),
}


class CommandNotAllowed(UserFacingError):
    """Refuse somebody who may not use `/imagine` where they are."""

    def __init__(self) -> None:
        super().__init__(
            _("`/imagine` is turned off for you in this channel, so this is too. A moderator can change that.")
        )


class Subject(IntEnum):
    """The subject of an override, with Discord's numbers."""

    ROLE = 1
    USER = 2
    CHANNEL = 3


@dataclass(frozen=True, slots=True)
class Override:
    """One line of a server's settings for a command: Server Settings, Integrations."""

    subject: Subject
    id: int
    allowed: bool


@dataclass(frozen=True, slots=True)
class Overrides:
    """A server's lines for the command, and those for the whole app, which answer what the command's do not."""

    command: Sequence[Override] = ()
    app: Sequence[Override] = ()

    def allow(self, member: discord.Member, channel_id: int) -> bool:
        """Return True if a member may use the command in a channel (or a thread's parent), by Discord's precedence."""
        here = _first(_in_channel(lines, member.guild.id, channel_id) for lines in (self.command, self.app))
        them = _first(_for_member(lines, member) for lines in (self.command, self.app))
        return here and them


def _in_channel(lines: Sequence[Override], guild_id: int, channel_id: int) -> bool | None:
    channels = {each.id: each.allowed for each in lines if each.subject is Subject.CHANNEL}
    return channels.get(channel_id, channels.get(guild_id - 1))  # id - 1: Discord's word for all channels


def _for_member(lines: Sequence[Override], member: discord.Member) -> bool | None:
    users = {each.id: each.allowed for each in lines if each.subject is Subject.USER}
    if member.id in users:
        return users[member.id]
    roles = {each.id: each.allowed for each in lines if each.subject is Subject.ROLE}
    own = [roles[role_id] for role_id in roles_of(member) if role_id in roles and role_id != member.guild.id]
    return any(own) if own else roles.get(member.guild.id)  # the role with the server's id is everyone


def roles_of(user: discord.abc.User) -> frozenset[int]:
    """Return the ids of a member's roles as they came with the event; a user outside a server has no roles.

    `Member.roles` has only cached roles, and is empty until Discord has sent the server's content.
    """
    return role_ids_of(user) | {user.guild.id} if isinstance(user, discord.Member) else frozenset()


def _first(answers: Iterable[bool | None]) -> bool:
    """Return the first setting that exists; without any, everybody may."""
    return next((answer for answer in answers if answer is not None), True)


class CommandPermissions:
    """Knows each server's overrides for `/imagine`, for a minute at a time."""

    def __init__(self, bot: ImagineBot) -> None:
        self._bot = bot
        self._known: dict[int, tuple[float, Overrides]] = {}

    async def check(self, member: discord.Member, permissions: discord.Permissions, channel: GuildPlace) -> None:
        """Raise `CommandNotAllowed` if Discord would not let the member use `/imagine` in a channel."""
        if permissions.administrator:
            return
        overrides = await self._overrides(member.guild.id)
        channel_id = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
        if not (permissions.use_application_commands and overrides.allow(member, channel_id)):
            raise CommandNotAllowed

    async def _overrides(self, guild_id: int) -> Overrides:
        until, known = self._known.get(guild_id, (0.0, Overrides()))
        if time.monotonic() < until:
            return known
        known = await self._fetch(guild_id) or known
        self._known[guild_id] = (time.monotonic() + _REMEMBERED_SECONDS, known)
        return known

    async def _fetch(self, guild_id: int) -> Overrides | None:
        """Return a server's settings, or None if Discord doesn't answer.

        The last known settings then still apply, and role and channel permissions are always checked.
        """
        try:
            with translate_discord_errors():
                entries = await command_overrides(self._bot, guild_id)
                lines = {int(entry["id"]): [_override(line) for line in entry["permissions"]] for entry in entries}
        except (Refused, DeliveryUnavailable) as cause:
            log.warning("command_overrides_unknown", guild_id=guild_id, cause=str(cause))
            return None
        of_command, of_app = self._bot.command_id(_COMMAND) or 0, self._bot.application_id or 0
        return Overrides(lines.get(of_command, ()), lines.get(of_app, ()))


def _override(line: Mapping[str, Any]) -> Override:
    return Override(Subject(line["type"]), int(line["id"]), line["permission"])


def missing_to_post(permissions: discord.Permissions, channel: object, *more: str) -> Sequence[str]:
    """Return what the bot is missing to write in a channel, and `more`, by the names of Discord's settings.

    Who may not enter a voice channel may not write in its chat either.
    """
    sending = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    vocal = isinstance(channel, discord.VoiceChannel | discord.StageChannel)
    needed = ("view_channel", *(("connect",) if vocal else ()), sending, *more)
    return [_(_LABELS[name]) for name in needed if not getattr(permissions, name)]


def check_may_post(permissions: discord.Permissions, channel: object) -> None:
    """Raise `MissingPermission` that names what the bot is missing in a channel, before anything is spent."""
    missing = [f"**{name}**" for name in missing_to_post(permissions, channel, "attach_files")]
    if missing:
        raise MissingPermission(
            _(
                "I can't post pictures in this channel. Missing permissions: {permissions}. Ask a moderator to allow "
                "them, or use another channel. Nothing was charged.",
                permissions=and_list(missing),
            )
        )
