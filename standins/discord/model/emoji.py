"""Emoji: which characters Discord takes for one, and how paths, people and Discord's JSON spell them."""

import re
from typing import Final

from emoji import is_emoji as is_listed

from standins.discord.payload import Payload

CUSTOM = re.compile(r"(?P<animated>a:)?:?(?P<name>\w+):(?P<id>\d+)")  # an emoji as paths spell it
_FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)  # each of these is one of Discord's, although Unicode counts only pairs


def is_emoji(name: str) -> bool:
    """Return True if a name is one Unicode emoji, spelt with or without its variation selector."""
    return is_listed(name) or (len(name) == 1 and ord(name) in _FLAG_LETTERS)


def emoji_payload(emoji: str) -> Payload:
    """Return Discord's JSON of a unicode emoji, or of a custom one spelt `name:id`, or `a:name:id` if it moves."""
    custom = CUSTOM.fullmatch(emoji)
    if custom is None:
        return {"id": None, "name": emoji}
    animated = {"animated": True} if custom["animated"] else {}
    return {"id": custom["id"], "name": custom["name"]} | animated


def emoji_key(emoji: str) -> str:
    """Return the identity of an emoji: a custom one's id, else its characters without U+FE0F."""
    custom = CUSTOM.fullmatch(emoji)
    return emoji.replace("\ufe0f", "") if custom is None else custom["id"]
