"""The usage of servers with limits of their own, and the notices about it that were sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from bot.storage.engine import Database
from bot.storage.inserts import inserted
from bot.storage.ledger import Counted, LedgerTransaction, UsageScope
from bot.storage.tables import budget_notices, generations, rulebooks
from bot.storage.usage_hours import COUNTS, CREDITS


class BudgetStore:
    """Reads servers' usage, and stores the notices about it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rulebooks_with_log(self) -> Sequence[tuple[str, dict[str, Any]]]:
        """Return the key and the rules, as JSON, of each server that has an audit log channel."""
        has_log = rulebooks.c.rules["log_channel_id"].as_string().is_not(None)
        query = select(rulebooks.c.server_key, rulebooks.c.rules).where(has_log)
        return await self._database.read(lambda connection: [(row[0], row[1]) for row in connection.execute(query)])

    async def used(self, server_key: str, counted: Sequence[Counted]) -> Sequence[int]:
        """Return a server's usage of some windows."""
        return await self._database.read(
            lambda connection: LedgerTransaction(connection).used(UsageScope(server_key), counted)
        )

    async def most(self, server_key: str, counted: Counted, limit: int) -> Sequence[tuple[int, int]]:
        """Return the members who used most of a window, each with their amount."""
        t = generations.c
        amount = (func.sum(CREDITS) if counted.in_credits else func.count()).label("amount")
        query = select(t.user_id, amount).where(t.server_key == server_key, COUNTS, t.created_at > counted.since)
        query = query.group_by(t.user_id).order_by(amount.desc(), t.user_id).limit(limit)
        return await self._database.read(
            lambda connection: [(row.user_id, int(row.amount)) for row in connection.execute(query)]
        )

    async def claim(
        self, server_key: str, budget: str, percent: int, allowed: float, now: datetime, again_before: datetime
    ) -> bool:
        """Return True if no notice of this percentage was sent since a moment, and store that one is sent now.

        A limit of another amount has notices of its own. Of several processes, one gets True.
        """
        t = budget_notices.c
        known = and_(t.server_key == server_key, t.budget == budget, t.percent == percent)
        again = update(budget_notices).where(known, or_(t.at <= again_before, t.allowed != allowed))
        row = {"server_key": server_key, "budget": budget, "percent": percent, "allowed": allowed, "at": now}

        def work(connection: Connection) -> bool:
            renewed = connection.execute(again.values(at=now, allowed=allowed)).rowcount > 0
            return renewed or inserted(connection, budget_notices, row)

        return await self._database.write(work)
