"""Each server's rules in the database, who changed them, and what they refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from bot.storage.engine import Database
from bot.storage.generation_statements import waiting_failed
from bot.storage.ledger import LedgerTransaction, lock_server
from bot.storage.pubsub import notify
from bot.storage.tables import audit_log, refusals, rulebooks

T = TypeVar("T")

RULES_CHANGED: Final = "rules "
"""Stands before the key of a server whose rules changed, in a message to every process."""


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """One change in the record: `changes` as JSON, which `bot.limits` reads."""

    id: int
    at: datetime
    by_id: int
    command: str
    changes: Sequence[dict[str, Any]]
    undone: bool


class RulesTransaction:
    """One open transaction that holds a server's lock."""

    def __init__(self, connection: Connection, server_key: str) -> None:
        self._connection = connection
        self._server_key = server_key

    def rules(self) -> dict[str, Any]:
        """Return the server's rules as JSON, empty if it has set none."""
        return LedgerTransaction(self._connection).rules(self._server_key)

    def save(self, rules: dict[str, Any]) -> None:
        """Replace the server's rules."""
        self._connection.execute(delete(rulebooks).where(rulebooks.c.server_key == self._server_key))
        self._connection.execute(insert(rulebooks).values(server_key=self._server_key, rules=rules))
        notify(self._connection, f"{RULES_CHANGED}{self._server_key}")

    def record(self, at: datetime, by_id: int, command: str, changes: Sequence[dict[str, Any]]) -> int:
        """Write a change into the record and return its number."""
        statement = insert(audit_log).values(
            server_key=self._server_key, at=at, by_id=by_id, command=command, changes=list(changes)
        )
        return int(self._connection.execute(statement.returning(audit_log.c.id)).scalar_one())

    def fail_waiting(self, user_id: int, failure: dict[str, Any], at: datetime) -> int:
        """Refund a member's requests that aren't ordered yet, and return their number."""
        columns = {"credits": 0, "failure": failure, "finished_at": at}
        return self._connection.execute(waiting_failed(self._server_key, user_id).values(**columns)).rowcount

    def recorded(self, change_id: int) -> RecordedChange | None:
        """Return one change of this server, or None if there is none of that number."""
        query = select(audit_log).where(audit_log.c.id == change_id, audit_log.c.server_key == self._server_key)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _recorded(row)

    def mark_undone(self, change_id: int) -> None:
        """Store that a change was undone."""
        self._connection.execute(update(audit_log).where(audit_log.c.id == change_id).values(undone=True))


class RulesStore:
    """Reads and changes servers' rules."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rules(self, server_key: str) -> dict[str, Any]:
        """Return a server's rules as JSON, empty if it has set none."""
        return await self._database.read(lambda connection: LedgerTransaction(connection).rules(server_key))

    async def transact(self, server_key: str, work: Callable[[RulesTransaction], T]) -> T:
        """Return what `work` does in a transaction that no other for the same server overlaps."""

        def locked(connection: Connection) -> T:
            lock_server(connection, server_key)
            return work(RulesTransaction(connection, server_key))

        return await self._database.write(locked)

    async def history(
        self, server_key: str, *, offset: int, limit: int, by_id: int | None = None
    ) -> Sequence[RecordedChange]:
        """Return the latest changes of a server's rules, or those by one moderator, newest first."""
        query = select(audit_log).where(audit_log.c.server_key == server_key)
        query = query if by_id is None else query.where(audit_log.c.by_id == by_id)
        query = query.order_by(audit_log.c.id.desc()).offset(offset).limit(limit)
        return await self._database.read(
            lambda connection: [_recorded(row) for row in connection.execute(query).mappings()]
        )

    async def refusals(self, server_key: str, user_id: int, *, limit: int) -> Sequence[tuple[datetime, str]]:
        """Return when a member was refused pictures lately, and by which rules, newest first."""
        query = select(refusals.c.at, refusals.c.rule).order_by(refusals.c.at.desc(), refusals.c.id.desc()).limit(limit)
        query = query.where(refusals.c.server_key == server_key, refusals.c.user_id == user_id)
        return await self._database.read(lambda connection: [(row.at, row.rule) for row in connection.execute(query)])

    async def record_refusal(self, server_key: str, user_id: int, at: datetime, rule: str) -> None:
        """Note that a rule refused somebody a picture."""
        row = {"server_key": server_key, "user_id": user_id, "at": at, "rule": rule}
        await self._database.write(lambda connection: connection.execute(insert(refusals), row))


def _recorded(row: RowMapping) -> RecordedChange:
    return RecordedChange(**{name: row[name] for name in RecordedChange.__slots__})
