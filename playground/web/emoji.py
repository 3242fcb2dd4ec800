"""Emoji: how they are written out, and which a person is offered to react with."""

import unicodedata

from playground.discord.emoji import emoji_payload
from playground.discord.payload import Payload
from playground.discord.places import Channel

USUAL = ("👍", "❤️", "😂", "🎉", "👀", "🔥")
_LONGEST = 16  # code points: a family, or somebody with a profession, a skin tone, and joiners between
_PICTURES = ("So", "Me")  # Unicode's symbols, and the box around a keycap
_SHOWN_AS_EMOJI = "\ufe0f"


def offered_in(channel: Channel) -> tuple[str, ...]:
    """Return what is offered below the messages of a channel: what is used in it already, then the usual."""
    used = (emoji for message in channel.messages.values() if message.lasting for emoji in message.reactions)
    return tuple(dict.fromkeys((*used, *USUAL)))


def is_emoji(text: str) -> bool:
    """Say whether a text is an emoji, as far as can be told without Unicode's list of them."""
    if not 0 < len(text) <= _LONGEST or any(sign.isspace() or (sign.isascii() and sign.isalpha()) for sign in text):
        return False
    return _SHOWN_AS_EMOJI in text or any(unicodedata.category(sign) in _PICTURES for sign in text)


def shown(emoji: Payload) -> str:
    """Return how an emoji in Discord's JSON is written out: a custom one by its name between colons."""
    return f":{emoji['name']}:" if emoji.get("id") else str(emoji["name"])


def reaction_shown(emoji: str) -> str:
    """Return how the emoji of a reaction is written out."""
    return shown(emoji_payload(emoji))
