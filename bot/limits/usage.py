"""What is used of each limit in force, and when enough frees up: the reading side of the ledger."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import inf

from bot.limits.policy import Effective, Limit, RequestedUsage, Scope, Usage, UsedAmounts
from bot.picture.origin import Origin
from bot.storage.ledger import LedgerTransaction, UsageCounts, UsageScope

_HOUR, _DAY, _MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=30)


def usage_of(
    transaction: LedgerTransaction,
    origin: Origin,
    limits: Mapping[Scope, Effective],
    ask: RequestedUsage,
    now: datetime,
) -> dict[Scope, Usage]:
    """Return what a member and their server use of each limit in force, in the same transaction as what follows."""
    whose = {Scope.MEMBER: UsageScope(origin.server_key, origin.user_id), Scope.SERVER: UsageScope(origin.server_key)}
    return {scope: _Meter(transaction, whose[scope], effective, ask, now).read() for scope, effective in limits.items()}


class _Meter:
    """Reads one scope's figures."""

    def __init__(
        self,
        transaction: LedgerTransaction,
        whose: UsageScope,
        effective: Effective,
        ask: RequestedUsage,
        now: datetime,
    ) -> None:
        self._transaction = transaction
        self._whose = whose
        self._effective = effective
        self._ask = ask
        self._now = now

    def read(self) -> Usage:
        """Return what is used of each limit in force."""
        since = self._now - (_MONTH if Limit.CREDITS_PER_MONTH in self._effective else _DAY)
        counted = self._transaction.used(self._whose, self._now - _HOUR, self._now - _DAY, since)
        return {limit: self._used(limit, ceiling.value, counted) for limit, ceiling in self._effective.items()}

    def _used(self, limit: Limit, allowed: float, counted: UsageCounts) -> UsedAmounts:
        match limit:
            case Limit.IMAGES_PER_HOUR:
                return self._window(counted.last_hour, allowed, _HOUR)
            case Limit.IMAGES_PER_DAY:
                return self._window(counted.last_day, allowed, _DAY)
            case Limit.CREDITS_PER_MONTH:
                return self._credits(counted.month_credits, allowed)
            case Limit.CONCURRENT:
                return UsedAmounts(self._transaction.running(self._whose))
            case Limit.COOLDOWN:
                return self._since_latest(self._transaction.nth_latest(self._whose, 1), allowed)
            case Limit.MAX_MEGAPIXELS | Limit.MAX_REFERENCES:
                return UsedAmounts(0)  # a property of the request, not of the past

    def _window(self, used: int, allowed: float, length: timedelta) -> UsedAmounts:
        if not allowed or used < allowed:
            return UsedAmounts(used)
        # One more fits when the oldest of the latest `allowed` pictures leaves the window.
        oldest = self._transaction.nth_latest(self._whose, int(allowed))
        return UsedAmounts(used, None if oldest is None else oldest + length)

    def _credits(self, used: int, allowed: float) -> UsedAmounts:
        too_many = used + self._ask.credits - allowed
        if too_many <= 0 or self._ask.credits > allowed:
            return UsedAmounts(used)
        freed = self._transaction.credits_asked_at(self._whose, self._now - _MONTH, too_many)
        return UsedAmounts(used, None if freed is None else freed + _MONTH)

    def _since_latest(self, latest_at: datetime | None, allowed: float) -> UsedAmounts:
        if latest_at is None:
            return UsedAmounts(inf)
        return UsedAmounts((self._now - latest_at).total_seconds(), latest_at + timedelta(seconds=allowed))
