"""Emoji as paths and people spell them, and as Discord's JSON has them."""

import re

from playground.discord.payload import Payload

CUSTOM = re.compile(r"(?P<animated>a:)?:?(?P<name>\w+):(?P<id>\d+)")  # an emoji as paths spell it


def emoji_payload(emoji: str) -> Payload:
    """Return Discord's JSON of a unicode emoji, or of a custom one spelt `name:id`, or `a:name:id` if it moves."""
    custom = CUSTOM.fullmatch(emoji)
    if custom is None:
        return {"id": None, "name": emoji}
    animated = {"animated": True} if custom["animated"] else {}
    return {"id": custom["id"], "name": custom["name"]} | animated


def emoji_key(emoji: str) -> str:
    """Return what tells emoji apart: a custom one's id, whatever it is called; else its characters without U+FE0F."""
    custom = CUSTOM.fullmatch(emoji)
    return emoji.replace("\ufe0f", "") if custom is None else custom["id"]
