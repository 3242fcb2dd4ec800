"""The words of a message to the bot, and its other files than images."""

import re

import discord

from bot.errors import InvalidRequest
from bot.i18n import ngettext
from bot.picture.invisible import has_something_to_see
from cogs.shared.message_images import other_files
from cogs.ui.text import cut, few, plain

_NAME_SHOWN = 60  # characters of a file's name


def check_files(message: discord.Message) -> None:
    """Raise `InvalidRequest` that names the attached files that are not images, before anybody is charged."""
    if names := other_files(message):
        listed = few([plain(cut(name, _NAME_SHOWN)) for name in names], more_files)
        raise InvalidRequest(
            ngettext(
                "I can only use images. Please send your message again without this file: {files}. "
                "Nothing was charged.",
                "I can only use images. Please send your message again without these files: {files}. "
                "Nothing was charged.",
                len(names),
                files=listed,
            )
        )


def spoken(message: discord.Message, me: discord.ClientUser) -> str:
    """Return what somebody wrote beside the bot's name, with other people's mentions as their names."""
    own_role = message.guild.self_role if message.guild else None
    words = re.sub(rf"<@!?{me.id}>", " ", message.content)
    for person in message.mentions:
        words = re.sub(rf"<@!?{person.id}>", person.display_name.replace("\\", r"\\"), words)
    for role in message.role_mentions:
        words = words.replace(f"<@&{role.id}>", " " if role == own_role else role.name)
    return words.strip() if has_something_to_see(words) else ""


def more_files(files: str, count: int) -> str:
    """Return some files as a list, and how many more there are."""
    return ngettext("{files} and {count} more file", "{files} and {count} more files", count, files=files)
