"""Which pictures members keep, and which of them reached the showcase with that star."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete

from bot.picture.generation import Generation
from bot.storage.engine import Database
from bot.storage.inserts import inserted
from bot.storage.showcase import ShowcaseOf, count_star, lock_stars
from bot.storage.tables import favourites


class FavouriteStore:
    """Adds and removes favourites."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, user_id: int, generation: Generation, at: datetime, showcase_of: ShowcaseOf) -> bool:
        """Keep a picture for a member, and return True if they didn't keep it before.

        In the same transaction, a picture that reached its server's showcase with this star is noted to be shown.
        """
        server_key = generation.origin.server_key
        row = {"user_id": user_id, "generation_id": generation.id, "server_key": server_key, "at": at}

        def work(connection: Connection) -> bool:
            lock_stars(connection, generation.id)
            is_new = inserted(connection, favourites, row)
            count_star(connection, generation.id, server_key, at, showcase_of)
            return is_new

        return await self._database.write(work, urgent=True)

    async def remove(self, user_id: int, generation_id: UUID) -> bool:
        """Don't keep a picture any longer, and return True if the member kept it before."""
        f = favourites.c
        statement = delete(favourites).where(f.user_id == user_id, f.generation_id == generation_id)
        return await self._database.write(lambda connection: bool(connection.execute(statement).rowcount), urgent=True)
