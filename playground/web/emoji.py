"""Emoji: how they are written out, and which a person is offered to react with."""

from standins.discord.model.channels import Channel
from standins.discord.model.emoji import emoji_payload
from standins.discord.payload import Payload

USUAL = ("👍", "❤️", "😂", "🎉", "👀", "🔥", "⭐")


def offered_in(channel: Channel) -> tuple[str, ...]:
    """Return the emoji offered below the messages of a channel: those already used there, then the usual ones."""
    used = (emoji for message in channel.messages.values() if message.lasting for emoji in message.reactions)
    return tuple(dict.fromkeys((*used, *USUAL)))


def shown(emoji: Payload) -> str:
    """Return how an emoji in Discord's JSON is written out: a custom one by its name between colons."""
    return f":{emoji['name']}:" if emoji.get("id") else str(emoji["name"])


def reaction_shown(emoji: str) -> str:
    """Return how the emoji of a reaction is written out."""
    return shown(emoji_payload(emoji))
