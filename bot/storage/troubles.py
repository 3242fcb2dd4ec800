"""The troubles that the operator was told of, so that it is done once, by one of all processes."""

from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.storage.engine import Database
from bot.storage.tables import troubles


class TroubleStore:
    """One row for each trouble that is not over."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, trouble: str) -> bool:
        """Write a trouble down, and return whether nobody had."""
        row = {"trouble": trouble, "since": datetime.now(UTC)}
        try:
            await self._database.write(lambda connection: connection.execute(insert(troubles), row))
        except IntegrityError:
            return False
        return True

    async def end(self, trouble: str) -> bool:
        """Forget a trouble, and return whether it was there."""
        statement = delete(troubles).where(troubles.c.trouble == trouble)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount > 0)

    async def present(self) -> AbstractSet[str]:
        """Return the troubles that are not over."""
        return await self._database.read(
            lambda connection: set(connection.execute(select(troubles.c.trouble)).scalars())
        )
