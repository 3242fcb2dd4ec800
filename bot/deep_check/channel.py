"""The channel of the check: whether the bot can post a card there."""

from typing import Final

import discord

from bot.errors import StartupError

Place = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread

_NEEDED: Final = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "attach_files": "Attach Files",
    "add_reactions": "Add Reactions",
    "read_message_history": "Read Message History",
}


def place_in_server(channel: object) -> Place:
    """Return the channel if messages can be posted there; raise `StartupError` otherwise."""
    if isinstance(channel, Place):
        return channel
    raise StartupError("This isn't a channel for messages on a server.", "Name a text channel of a server.")


def check_permissions(guild: discord.Guild | None, place: Place) -> None:
    """Raise `StartupError` that names the permissions that the bot lacks; unknown ones are left to the calls."""
    if guild is None or guild.unavailable or guild.me is None:
        return
    known = guild.get_channel_or_thread(place.id)
    if known is None and isinstance(place, discord.Thread):
        known = guild.get_channel(place.parent_id)
    if known is None:
        return
    granted = known.permissions_for(guild.me)
    unneeded = "send_messages" if isinstance(place, discord.Thread) else "send_messages_in_threads"
    missing = [words for name, words in _NEEDED.items() if name != unneeded and not getattr(granted, name)]
    if missing:
        remedy = f"Give it there: {', '.join(missing)}. Or name another channel."
        raise StartupError("The bot lacks permissions in the channel.", remedy)
