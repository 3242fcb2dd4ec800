"""The defaults of members and of servers; these are part of a server's rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select

from bot.storage.engine import Database
from bot.storage.pubsub import notify
from bot.storage.tables import member_defaults, rulebooks

DEFAULTS_CHANGED: Final = "defaults "
"""Stands before the id of a member whose defaults changed, in a message to every process."""

Stored = Mapping[str, Any]
"""Choices as JSON; empty for none."""

_SERVER_DEFAULTS: Final = select(
    rulebooks.c.server_key,
    rulebooks.c.rules["defaults"].label("choices"),
    rulebooks.c.rules["spoiler_channels"].label("spoiler_channels"),
    rulebooks.c.rules["language"].label("language"),
)


@dataclass(frozen=True, slots=True)
class StoredServerDefaults:
    """A server's defaults, the channels in which a spoiler is one, and the language of its public messages."""

    choices: Stored
    spoiler_channels: Sequence[int]
    language: str | None


@dataclass(frozen=True, slots=True)
class StoredDefaults:
    """The defaults of every member and server that has any."""

    members: Mapping[int, Stored]
    servers: Mapping[str, StoredServerDefaults]


class DefaultsStore:
    """Reads and writes defaults."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> StoredDefaults:
        """Return all that is stored."""
        return await self._database.read(_all)

    async def of_member(self, user_id: int) -> Stored:
        """Return a member's own defaults."""
        query = select(member_defaults.c.choices).where(member_defaults.c.user_id == user_id)
        return await self._database.read(lambda connection: connection.execute(query).scalar_one_or_none() or {})

    async def of_server(self, server_key: str) -> StoredServerDefaults:
        """Return a server's defaults."""
        query = _SERVER_DEFAULTS.where(rulebooks.c.server_key == server_key)
        return await self._database.read(
            lambda connection: next(map(_of_row, connection.execute(query)), StoredServerDefaults({}, (), None))
        )

    async def save(self, user_id: int, choices: Stored, at: datetime) -> None:
        """Replace a member's own defaults, and tell every process."""

        def work(connection: Connection) -> None:
            forget_defaults(connection, user_id)
            if choices:
                row = {"user_id": user_id, "choices": dict(choices), "changed_at": at}
                connection.execute(insert(member_defaults).values(row))

        await self._database.write(work, urgent=True)


def forget_defaults(connection: Connection, user_id: int) -> None:
    """Delete a member's own defaults, and tell every process."""
    connection.execute(delete(member_defaults).where(member_defaults.c.user_id == user_id))
    notify(connection, f"{DEFAULTS_CHANGED}{user_id}")


def _all(connection: Connection) -> StoredDefaults:
    own = {row.user_id: row.choices for row in connection.execute(select(member_defaults))}
    rows = connection.execute(_SERVER_DEFAULTS)
    of_servers = {row.server_key: _of_row(row) for row in rows if row.choices or row.spoiler_channels or row.language}
    return StoredDefaults(own, of_servers)


def _of_row(row: Row[Any, Any, Any, Any]) -> StoredServerDefaults:
    return StoredServerDefaults(row.choices or {}, row.spoiler_channels or (), row.language)
