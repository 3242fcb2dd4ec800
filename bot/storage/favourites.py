"""Which pictures members keep, and which of them reached the showcase with that star."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.picture.generation import Generation
from bot.storage.engine import Database
from bot.storage.ledger import LedgerTransaction
from bot.storage.showcase import ShowcaseState
from bot.storage.tables import favourites, generations, showcase

ShowcaseOf = Callable[[dict[str, Any]], tuple[int, int] | None]
"""Returns the channel and the number of stars of a server's showcase, by its rules as JSON, or None without one."""


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

        # One star after the other, or two processes would each miss the other's.
        alone = select(generations.c.id).where(generations.c.id == generation.id).with_for_update()

        def work(connection: Connection) -> bool:
            connection.execute(alone)
            is_new = _insert(connection, favourites, row)
            chosen = showcase_of(LedgerTransaction(connection).rules(server_key))
            if chosen is not None and _stars(connection, generation.id) >= chosen[1]:
                due = {"generation_id": generation.id, "channel_id": chosen[0], "state": ShowcaseState.DUE, "at": at}
                _insert(connection, showcase, due)
            return is_new

        return await self._database.write(work, urgent=True)

    async def remove(self, user_id: int, generation_id: UUID) -> bool:
        """Don't keep a picture any longer, and return True if the member kept it before."""
        f = favourites.c
        statement = delete(favourites).where(f.user_id == user_id, f.generation_id == generation_id)
        return await self._database.write(lambda connection: bool(connection.execute(statement).rowcount), urgent=True)


def _stars(connection: Connection, generation_id: UUID) -> int:
    """Return how many members keep a public picture that is still there, except for its own."""
    f, t = favourites.c, generations.c
    others = select(func.count()).join_from(favourites, generations, t.id == f.generation_id)
    others = others.where(f.generation_id == generation_id, f.user_id != t.user_id)
    return connection.execute(others.where(t.private.is_(False), t.deleted_at.is_(None))).scalar_one()


def _insert(connection: Connection, table: Any, row: dict[str, Any]) -> bool:  # noqa: ANN401  (a table of SQLAlchemy's)
    """Insert a row unless its key is there, and return True if it wasn't."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**row).on_conflict_do_nothing().returning(table.c.generation_id)
    return connection.execute(statement).first() is not None
