"""A ledger to count with: its clock, its operator, and pictures to ask it for."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.defaults.defaults import Defaults
from bot.limits.admission import Rule
from bot.limits.ledger import Ledger, LimitRefused, Operator
from bot.limits.moderation import AuditEntry, Moderation
from bot.limits.policy import Allowance, Limit, LimitExceeded
from bot.limits.prices import PriceList
from bot.picture.generation import Generation
from bot.picture.origin import Origin
from bot.picture.request import ImagineRequest
from bot.storage.defaults import DefaultsStore
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from bot.storage.reports import ReportStore
from bot.storage.rules import RulesStore
from tests.bot.storage.examples import EXECUTOR, NOON, origin

MINUTE, HOUR, DAY, MONTH = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=30)
INSTANT = timedelta(microseconds=1)
ESTIMATE = 10  # credits
NOTHING: Allowance = {}

OpenLedger = Callable[..., Ledger]


class Watch:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


class NobodyListens:
    """A listener that takes note of nothing."""

    def changed(self, server_key: str, entry: AuditEntry) -> None: ...

    def refused(self, origin: Origin, rule: Rule) -> None: ...


def limits(**values: float) -> Allowance:
    """Return an allowance, each limit by its name."""
    return {Limit(name): value for name, value in values.items()}


def ledger_of(database: Database, watch: Watch, member: Allowance = NOTHING, server: Allowance = NOTHING) -> Ledger:
    """Return a ledger under an operator with only these limits."""
    operator = Operator(member=member, server=server, estimated_credits=ESTIMATE)
    return Ledger(
        LedgerStore(database), GenerationStore(database), operator, PriceList(LedgerStore(database)), now=watch
    )


def moderation_of(database: Database, watch: Watch, ledger: Ledger, defaults: Defaults | None = None) -> Moderation:
    """Return what moderators use, beside a ledger on the same database."""
    stores = RulesStore(database), LedgerStore(database), ReportStore(database), GenerationStore(database)
    kept = defaults or Defaults(DefaultsStore(database))

    async def look_at_reviews(_server_key: str) -> None:
        """Review nothing."""

    return Moderation(*stores, ledger, NobodyListens(), kept.look_at_server, look_at_reviews, now=watch)


async def reserve(ledger: Ledger, whose: Origin | None = None, request: ImagineRequest | None = None) -> Generation:
    return await ledger.reserve(request or ImagineRequest(prompt="a red boat"), whose or origin(), EXECUTOR)


async def refusal(ledger: Ledger, whose: Origin | None = None, request: ImagineRequest | None = None) -> LimitExceeded:
    """Return the verdict on one picture more, which must be a no."""
    with pytest.raises(LimitRefused) as refused:
        await reserve(ledger, whose, request)
    return refused.value.exceeded
