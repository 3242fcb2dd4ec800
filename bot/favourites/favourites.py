"""Favourites: a member keeps a picture, and each is a star that the showcase counts."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.favourites.showcase import chosen_showcase
from bot.picture.generation import Generation
from bot.storage.favourites import FavouriteStore


class Favourites:
    """Adds and removes favourites; each change may come twice, and has its effect once."""

    def __init__(self, store: FavouriteStore, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now

    async def add(self, user_id: int, generation: Generation) -> bool:
        """Keep a picture for a member, and return True if they didn't keep it before."""
        return await self._store.add(user_id, generation, self._now(), chosen_showcase)

    async def remove(self, user_id: int, generation: Generation) -> bool:
        """Don't keep a picture any longer, and return True if the member kept it before; the showcase keeps it."""
        return await self._store.remove(user_id, generation.id)
