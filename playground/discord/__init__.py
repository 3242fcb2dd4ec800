"""A stand-in for Discord: gateway, REST v10 and CDN around a world in memory, with Discord's own refusals."""

from playground.discord.actions import UnusableError
from playground.discord.attachments import Upload
from playground.discord.interactions import NotAnsweredError
from playground.discord.options import InvalidOptionError
from playground.discord.permissions import Permission
from playground.discord.server import DiscordStandIn
from playground.discord.sessions import Intent
from playground.discord.stickers import Sticker, StickerFormat
from playground.discord.world import World

__all__ = [
    "DiscordStandIn",
    "Intent",
    "InvalidOptionError",
    "NotAnsweredError",
    "Permission",
    "Sticker",
    "StickerFormat",
    "UnusableError",
    "Upload",
    "World",
]
