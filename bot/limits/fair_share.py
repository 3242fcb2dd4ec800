"""A member's share of a server's credits: a part of those that are left in its month, each day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.limits.policy import Effective, Limit, RequestedUsage, Scope, windows_of
from bot.picture.origin import Origin
from bot.storage.ledger import Counted, LedgerTransaction, UsageScope

_DAY: Final = timedelta(days=1)
_MONTH: Final = windows_of([Limit.CREDITS_PER_MONTH])[Limit.CREDITS_PER_MONTH].period


@dataclass(frozen=True, slots=True)
class Share:
    """The credits that a member used in 24 hours, those that they may use, and when more are free, if known."""

    percent: int
    used: int
    allowed: int
    frees_at: datetime | None = None

    def refuses(self, ask: RequestedUsage) -> bool:
        """Return True if a request is over the share; one picture a day is always in it, even if little is left."""
        is_first_picture = self.used == 0 and ask.pictures == 1
        return self.used + ask.credits > self.allowed and not is_first_picture


def share_of(percent: int, month_allowed: float, month_used: float, used: int) -> Share:
    """Return a member's share of a month's credits; the member's `used` ones of today count as still left."""
    left = max(0.0, month_allowed - month_used + used)
    return Share(percent, used, int(left * percent / 100))


def read_share(
    transaction: LedgerTransaction,
    origin: Origin,
    percent: int | None,
    limits: Mapping[Scope, Effective],
    ask: RequestedUsage,
    now: datetime,
) -> Share | None:
    """Return a member's share in the current transaction; None if there's no rule, or no month's limit to share."""
    month = limits[Scope.SERVER].get(Limit.CREDITS_PER_MONTH)
    if percent is None or month is None:
        return None
    member, since = UsageScope(origin.server_key, origin.user_id), now - _DAY
    [used] = transaction.used(member, [Counted(since, in_credits=True)])
    [month_used] = transaction.used(UsageScope(origin.server_key), [Counted(now - _MONTH, in_credits=True)])
    share = share_of(percent, month.value, month_used, used)
    too_many = used + ask.credits - share.allowed
    if too_many <= 0 or ask.credits > share.allowed:
        return share
    freed = transaction.credits_asked_at(member, since, too_many)
    return replace(share, frees_at=None if freed is None else freed + _DAY)
