"""Permissions of moderators for a whole server."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

import discord
from discord import app_commands

from bot.errors import UserFacingError
from bot.i18n import _
from cogs.shared.access import ImagineInteraction

MODERATORS: Final = discord.Permissions(manage_guild=True)
ON_SERVERS: Final = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
INSTALLED_ON_SERVERS: Final = app_commands.AppInstallationType(guild=True, user=False)


class NotAModerator(UserFacingError, app_commands.CheckFailure):
    """Refuse somebody who does not manage the server; a kind of error that discord.py's checks let through."""

    def __init__(self) -> None:
        super().__init__(_("Only moderators can do that. You need the **Manage Server** permission."))


def check_moderator(interaction: discord.Interaction[Any]) -> None:
    """Raise `NotAModerator` unless the person manages the server, whatever its owner lets them type or press."""
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise NotAModerator


def manages_server(user: discord.abc.User) -> bool:
    """Return True if a member that came with an interaction manages the server."""
    if not isinstance(user, discord.Member):
        return False
    return (user.resolved_permissions or user.guild_permissions).manage_guild


def moderates_server(interaction: ImagineInteraction) -> bool:
    """Return True if the person moderates the whole server; what an override allows in one channel does not count."""
    user = interaction.user
    if not isinstance(user, discord.Member) or not interaction.is_guild_integration():
        return False
    return user.guild_permissions.manage_messages or user.guild_permissions.manage_guild


def moderators_menu(
    name: str, callback: Callable[[ImagineInteraction, discord.User], Coroutine[Any, Any, None]]
) -> app_commands.ContextMenu:
    """Return a command for the menu of a server's users that Discord offers to moderators only."""
    menu = app_commands.ContextMenu(
        name=name,
        callback=callback,
        allowed_contexts=ON_SERVERS,
        allowed_installs=INSTALLED_ON_SERVERS,
    )
    menu.default_permissions = MODERATORS
    return menu
