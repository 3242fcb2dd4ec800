"""Permissions of moderators for a whole server."""

import discord

from cogs.shared.access import ImagineInteraction


def moderates_server(interaction: ImagineInteraction) -> bool:
    """Return True if the person moderates the whole server; what an override allows in one channel does not count."""
    user = interaction.user
    if not isinstance(user, discord.Member) or not interaction.is_guild_integration():
        return False
    return user.guild_permissions.manage_messages or user.guild_permissions.manage_guild
