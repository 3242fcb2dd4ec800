"""The content of messages for an app without the message-content intent, over the gateway and REST.

What people wrote is left out, except in direct messages with the app and where they mention it; the app reads its own
messages, and the one that its message command was used on comes whole with the interaction. Snapshots in a forwarded
message are not among what Discord's document leaves out. It does not say whether a mention of the app's own role counts
as one of the app: `shows_role_mentions` of the world decides.
"""

from standins.discord.model.messages import Message
from standins.discord.model.users import User
from standins.discord.payload import Payload

LEFT_OUT: Payload = {"content": "", "embeds": [], "attachments": [], "components": []}


def veiled(body: Payload, message: Message, bot: User, *, shows_roles: bool) -> Payload:
    """Return the JSON of a message without the content hidden from the app, there and in the message it answers."""
    shown = body if _is_open(message, bot, shows_roles=shows_roles) else body | LEFT_OUT
    answered: Payload | None = body.get("referenced_message")
    if answered is None or message.reference is None:
        return shown
    return shown | {"referenced_message": veiled(answered, message.reference, bot, shows_roles=shows_roles)}


def _is_open(message: Message, bot: User, *, shows_roles: bool) -> bool:
    guild = message.channel.guild
    if guild is None or message.author is bot or bot in message.mentions.users:
        return True
    return shows_roles and guild.bot_role.id in message.mentions.role_ids
