"""The usage of each effective limit, and the time when enough of it expires: the reading side of the ledger."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import inf
from typing import Final

from bot.limits.policy import (
    Effective,
    Limit,
    OfRequest,
    Pause,
    RequestedUsage,
    Running,
    Scope,
    Unit,
    Usage,
    UsedAmounts,
    Window,
    measure_of,
    windows_of,
)
from bot.picture.origin import Origin
from bot.storage.ledger import Counted, LedgerTransaction, UsageScope

PICTURE_PERIODS: Final = [each.period for each in windows_of(Limit).values() if each.unit is Unit.PICTURES]


def usage_of(
    transaction: LedgerTransaction,
    origin: Origin,
    limits: Mapping[Scope, Effective],
    ask: RequestedUsage,
    now: datetime,
) -> dict[Scope, Usage]:
    """Return a member's and their server's usage of each effective limit, in the current transaction."""
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
        """Return the usage of each effective limit."""
        windows = windows_of(self._effective)
        counted = [Counted(self._now - each.period, in_credits=each.unit is Unit.CREDITS) for each in windows.values()]
        used = dict(zip(windows, self._transaction.used(self._whose, counted), strict=True))
        return {limit: self._used(limit, ceiling.value, used) for limit, ceiling in self._effective.items()}

    def _used(self, limit: Limit, allowed: float, used: Mapping[Limit, int]) -> UsedAmounts:
        match measure_of(limit):
            case Window(period=period, unit=Unit.PICTURES):
                return self._pictures(used[limit], allowed, period)
            case Window(period=period):
                return self._credits(used[limit], allowed, period)
            case Running():
                return UsedAmounts(self._transaction.running(self._whose))
            case Pause():
                return self._since_latest(self._transaction.latest(self._whose), allowed)
            case OfRequest():
                return UsedAmounts(0)  # the past does not count

    def _pictures(self, used: int, allowed: float, period: timedelta) -> UsedAmounts:
        # This many of the oldest have to leave the window before the request fits.
        too_many = used + self._ask.pictures - int(allowed)
        if too_many <= 0 or self._ask.pictures > allowed:
            return UsedAmounts(used)
        freed = self._transaction.nth_oldest(self._whose, self._now - period, too_many)
        return UsedAmounts(used, None if freed is None else freed + period)

    def _credits(self, used: int, allowed: float, period: timedelta) -> UsedAmounts:
        too_many = used + self._ask.credits - allowed
        if too_many <= 0 or self._ask.credits > allowed:
            return UsedAmounts(used)
        freed = self._transaction.credits_asked_at(self._whose, self._now - period, too_many)
        return UsedAmounts(used, None if freed is None else freed + period)

    def _since_latest(self, latest_at: datetime | None, allowed: float) -> UsedAmounts:
        if latest_at is None:
            return UsedAmounts(inf)
        return UsedAmounts((self._now - latest_at).total_seconds(), latest_at + timedelta(seconds=allowed))
