"""Looking for servers whose limits are nearly used, so that their moderators read it in the audit log channel."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.limits.budgets import BUDGETS, NEARLY, USED_UP, BudgetListener, BudgetNotice, percent_reached
from bot.limits.ledger import Operator
from bot.limits.policy import Ceiling, Limit, Unit, Window, for_server, measure_of
from bot.limits.prices import PriceList
from bot.limits.rulebook import Rulebook
from bot.maintenance.chores import Chore, repeated
from bot.picture.origin import NOBODY
from bot.storage.budgets import BudgetStore
from bot.storage.ledger import Counted

_LOOK_SECONDS: Final = 60.0
_AGAIN_AFTER_MOST: Final = timedelta(days=7)
_MEMBERS_NAMED: Final = 3


class BudgetWatch:
    """Looks at the servers with a budget and an audit log channel, every minute."""

    def __init__(
        self,
        store: BudgetStore,
        operator: Operator,
        prices: PriceList,
        listener: BudgetListener,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._operator = operator
        self._prices = prices
        self._listener = listener
        self._now = now

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look until the end of the block."""
        async with repeated(Chore("budgets", _LOOK_SECONDS, self.look)):
            yield

    async def look(self) -> None:
        """Send the notices that are due; raise `StorageUnavailable`."""
        for server_key, rules in await self._store.rulebooks_with_log():
            rulebook, operator = Rulebook.model_validate(rules), self._operator
            limits = for_server(rulebook.for_person(NOBODY, frozenset(), operator.member, operator.server, self._now()))
            for limit in BUDGETS:
                if limit in limits:
                    await self._look_at(server_key, limit, limits[limit])

    async def _look_at(self, server_key: str, limit: Limit, ceiling: Ceiling) -> None:
        measure = measure_of(limit)
        if not isinstance(measure, Window) or not ceiling.value:
            return
        now = self._now()
        counted = Counted(now - measure.period, in_credits=measure.unit is Unit.CREDITS)
        [used] = await self._store.used(server_key, [counted])
        percent = percent_reached(used, ceiling.value, self._cheapest if counted.in_credits else 1)
        again_before = now - min(measure.period, _AGAIN_AFTER_MOST)
        reached = [each for each in (NEARLY, USED_UP) if percent is not None and each <= percent]
        claims = [
            await self._store.claim(server_key, limit.value, each, ceiling.value, now, again_before) for each in reached
        ]
        if claims and claims[-1]:
            most = await self._store.most(server_key, counted, _MEMBERS_NAMED)
            self._listener.budget_reached(server_key, BudgetNotice(limit, reached[-1], used, ceiling.value, most))

    @property
    def _cheapest(self) -> int:
        """Return the least that a picture costs, in credits."""
        return 1 if self._prices.catalog is None else self._prices.catalog.least
