"""The services that the cogs are built with, and what `bot` knows of the cogs, which it loads by name."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Protocol
from uuid import UUID

from bot.defaults.defaults import Defaults
from bot.favourites.favourites import Favourites
from bot.favourites.showcase import Showcase
from bot.gateway.client import ImagineBot
from bot.generation.cancellations import Cancellations
from bot.generation.discord_port import BatchCards, DiscordPort
from bot.generation.history_archive import HistoryArchive
from bot.generation.library import PictureLibrary
from bot.generation.service import GenerationService
from bot.limits.moderation import Moderation
from bot.limits.prices import PriceList
from bot.limits.rulebook import Rulebook
from bot.picture.generation import Generation
from bot.privacy.erasure import Erasure
from bot.privacy.export import Exporter
from bot.privacy.picture_removal import PictureRemoval
from bot.reviews.reviews import Reviews
from bot.styles.styles import Styles

COGS: Final = "cogs.composition"  # by name, since `bot` never imports cogs


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that the cogs ask of `bot`."""

    generations: GenerationService
    library: PictureLibrary
    moderation: Moderation
    exporter: Exporter
    erasure: Erasure
    picture_removal: PictureRemoval
    cancellations: Cancellations
    favourites: Favourites
    showcase: Showcase
    history_archive: HistoryArchive
    styles: Styles
    defaults: Defaults
    reviews: Reviews


class Cogs(Protocol):
    """The Discord side: it has the port before there are services, and then adds the cogs that use them."""

    @property
    def port(self) -> DiscordPort:
        """Return what the services post, alert and delete through."""

    async def add(self, services: Services) -> None:
        """Add every cog to the bot."""


def load_cogs(
    bot: ImagineBot,
    look_up: Callable[[UUID], Awaitable[Generation]],
    batch_cards: BatchCards,
    rulebook: Callable[[str], Awaitable[Rulebook]],
    prices: PriceList,
) -> Cogs:
    """Return the Discord side of a bot.

    While it serves the port, it asks how far a picture has come, for the rules of a server, and for prices.
    """
    cogs: Cogs = import_module(COGS).DiscordSide(bot, look_up, batch_cards, rulebook, prices)
    return cogs
