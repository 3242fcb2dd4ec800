"""The languages that Discord has for servers: gateways write them, and every process reads them."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, select

from bot.i18n.speech import ServerLocale
from bot.storage.engine import Database
from bot.storage.inserts import put
from bot.storage.pubsub import notify
from bot.storage.tables import server_locales

SERVER_LOCALE_CHANGED: Final = "server locale "
"""Stands before the id of a server whose language in Discord changed, in a message to every process."""


class ServerLocaleStore:
    """Reads and writes each server's locale; servers with the one that all begin with have no row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> Mapping[int, ServerLocale]:
        """Return the locales of all servers that have a row."""
        return await self._database.read(
            lambda connection: {row.guild_id: _of_row(row) for row in connection.execute(select(server_locales))}
        )

    async def of(self, guild_id: int) -> ServerLocale | None:
        """Return a server's locale, or None if it has no row."""
        query = select(server_locales).where(server_locales.c.guild_id == guild_id)
        return await self._database.read(lambda connection: next(map(_of_row, connection.execute(query)), None))

    async def save(self, changed: Mapping[int, ServerLocale | None]) -> None:
        """Replace the locales of some servers, and tell every process; None deletes the row."""

        def work(connection: Connection) -> None:
            rows = [
                {"guild_id": guild_id, "locale": each.preferred, "is_community": each.is_community}
                for guild_id, each in sorted(changed.items(), key=lambda item: item[0])
                if each is not None
            ]
            if rows:
                put(connection, server_locales, rows)
            left = changed.keys() - {row["guild_id"] for row in rows}
            connection.execute(delete(server_locales).where(server_locales.c.guild_id.in_(left)))
            for guild_id in changed:
                notify(connection, f"{SERVER_LOCALE_CHANGED}{guild_id}")

        await self._database.write(work)


def _of_row(row: Row[Any]) -> ServerLocale:
    return ServerLocale(row.locale, row.is_community)
