"""The moderator whose server uses its limits: each percentage is said once, by one process."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.limits.budgets import BudgetNotice
from bot.limits.ledger import Ledger
from bot.limits.policy import Limit, Scope
from bot.limits.prices import PriceList
from bot.limits.rulebook import Rulebook
from bot.maintenance.budget_watch import BudgetWatch
from bot.picture.price import Price
from bot.storage.budgets import BudgetStore
from bot.storage.engine import Database
from bot.storage.ledger import LedgerStore
from tests.bot.limits.counting import DAY, ESTIMATE, MONTH, Watch, ledger_of, limits, moderation_of, reserve
from tests.bot.storage.examples import origin

MODERATOR = 99
ALICE, BOB = 1, 2


class Office:
    """Servers with rules, the members who draw there, and the notices that were sent."""

    def __init__(self, database: Database, watch: Watch) -> None:
        self.watch = watch
        self.notices: list[BudgetNotice] = []
        self.ledger: Ledger = ledger_of(database, watch)
        self._moderation = moderation_of(database, watch, self.ledger)
        self._store = BudgetStore(database)
        self._prices = PriceList(LedgerStore(database))
        self._prices.catalog = Price(least=7, most=36)
        self.budgets = self.opened()

    def opened(self) -> BudgetWatch:
        """Return the watch of a process."""
        return BudgetWatch(self._store, self.ledger.operator, self._prices, self, now=self.watch)

    def budget_reached(self, server_key: str, notice: BudgetNotice) -> None:
        assert server_key == origin().server_key
        self.notices.append(notice)

    async def change(self, edit: Callable[[Rulebook], Rulebook]) -> None:
        await self._moderation.change(origin().server_key, MODERATOR, "/limits", edit)

    async def set_limit(self, **values: float) -> None:
        await self.change(lambda rules: rules.with_limits(Scope.SERVER, 0, limits(**values)).with_log_channel(5))

    async def draw(self, member: int, times: int = 1) -> None:
        for _ in range(times):
            await reserve(self.ledger, origin(user_id=member))

    async def told(self) -> list[tuple[int, int]]:
        """Look, and return the percentages with the amounts that were used then."""
        self.notices.clear()
        await self.budgets.look()
        return [(notice.percent, notice.used) for notice in self.notices]


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database, Watch())


async def test_80_and_100_percent_are_said_once_with_the_members_who_used_most(office: Office) -> None:
    """Below, at and above each percentage."""
    await office.set_limit(images_per_day=5)
    await office.draw(ALICE, 3)
    assert await office.told() == []
    await office.draw(BOB)
    assert await office.told() == [(80, 4)]
    assert office.notices == [BudgetNotice(Limit.IMAGES_PER_DAY, 80, 4, 5, [(ALICE, 3), (BOB, 1)])]
    assert await office.told() == []
    await office.draw(BOB)
    assert await office.told() == [(100, 5)]
    assert await office.told() == []


async def test_credits_are_used_up_when_they_pay_for_no_picture(office: Office) -> None:
    """A server that reaches both percentages at once reads the higher one."""
    await office.set_limit(credits_per_month=ESTIMATE * 2 + 6)
    await office.draw(ALICE, 2)
    assert await office.told() == [(100, ESTIMATE * 2)]
    assert office.notices[0].most == [(ALICE, ESTIMATE * 2)]
    assert await office.told() == []


async def test_it_is_said_again_after_a_day_or_a_week_or_for_another_limit(office: Office) -> None:
    """A limit of a day is new each day; one of a month is repeated weekly, and a raised one is another budget."""
    await office.set_limit(images_per_day=1, credits_per_month=ESTIMATE)
    await office.draw(ALICE)
    assert sorted(await office.told()) == [(100, 1), (100, ESTIMATE)]
    office.watch.time += DAY - timedelta(seconds=1)
    assert await office.told() == []
    office.watch.time += timedelta(days=6, seconds=1)
    assert await office.told() == [(100, ESTIMATE)]
    await office.set_limit(credits_per_month=ESTIMATE + 2)
    assert await office.told() == [(100, ESTIMATE)]
    office.watch.time += MONTH
    assert await office.told() == []


async def test_of_two_processes_one_says_it(office: Office) -> None:
    """Even if both look in the same moment."""
    await office.set_limit(images_per_day=1)
    await office.draw(ALICE)
    other = office.opened()
    await asyncio.gather(office.budgets.look(), other.look())
    assert len(office.notices) == 1


async def test_servers_without_a_limit_or_an_audit_log_are_left_alone(office: Office) -> None:
    """A limit of 0 is a closed server, not a budget."""
    await office.change(lambda rules: rules.with_limits(Scope.SERVER, 0, limits(images_per_day=1)))
    await office.draw(ALICE)
    assert await office.told() == []
    await office.change(lambda rules: rules.without(Scope.SERVER, 0).with_log_channel(5))
    assert await office.told() == []
    await office.set_limit(images_per_day=0)
    assert await office.told() == []
