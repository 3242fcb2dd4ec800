"""A stand-in for Discord: gateway, REST v10 and CDN around a world in memory, with Discord's own refusals."""

from standins.discord.client.client import UnusableError
from standins.discord.client.options import InvalidOptionError
from standins.discord.client.person import Person
from standins.discord.gateway.sessions import Intent
from standins.discord.model.attachments import Upload
from standins.discord.model.interactions import NotAnsweredError
from standins.discord.model.permissions import Permission
from standins.discord.model.stickers import Sticker, StickerFormat
from standins.discord.model.world import World
from standins.discord.server import DiscordStandIn

__all__ = [
    "DiscordStandIn",
    "Intent",
    "InvalidOptionError",
    "NotAnsweredError",
    "Permission",
    "Person",
    "Sticker",
    "StickerFormat",
    "UnusableError",
    "Upload",
    "World",
]
