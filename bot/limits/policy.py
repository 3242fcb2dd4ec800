"""The decision about one more picture: values in, a verdict out. No clock, no database, no Discord."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never


class Scope(StrEnum):
    """Whom a limit is set for; OPERATOR stands for the ceilings above all servers."""

    SERVER = "server"
    EVERYONE = "everyone"
    ROLE = "role"
    MEMBER = "member"
    OPERATOR = "operator"


class Limit(StrEnum):
    """The kinds of limits."""

    IMAGES_PER_HOUR = "images_per_hour"
    IMAGES_PER_DAY = "images_per_day"
    CREDITS_PER_MONTH = "credits_per_month"
    CONCURRENT = "concurrent"
    COOLDOWN = "cooldown"  # seconds between two requests
    MAX_MEGAPIXELS = "max_megapixels"
    MAX_REFERENCES = "max_references"
    PICTURES_PER_REQUEST = "pictures_per_request"


Allowance = Mapping[Limit, float]
"""What one scope sets: a limit that is missing is not set there; 0 means none at all."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """One limit in force: how much, which scope set it, and how much of it each role adds, by the role's id."""

    value: float
    scope: Scope
    extras: Mapping[int, float] = field(default_factory=dict)


Effective = Mapping[Limit, Ceiling]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that is set for one person in one server.

    `unlimited`, by the member's own entry or by one of their roles, leaves the server's and the operator's limits; a
    limit in the member's own entry wins over what their roles lift. `extras` is what roles add to everyone's limits, by
    the role's id. `slowdown_seconds` is the least cooldown of every member, whatever else is set. `share_percent`
    is each member's share a day of the credits that are left in the server's month.
    """

    operator_member: Allowance = field(default_factory=dict)
    operator_server: Allowance = field(default_factory=dict)
    server: Allowance = field(default_factory=dict)
    everyone: Allowance = field(default_factory=dict)
    roles: Sequence[Allowance] = ()
    extras: Mapping[int, Allowance] = field(default_factory=dict)
    member: Allowance = field(default_factory=dict)
    unlimited: bool = False
    unlimited_by_role: bool = False
    slowdown_seconds: int = 0
    share_percent: int | None = None

    @property
    def shared_percent(self) -> int | None:
        """Return the share of the server's credits that this person has; None is for as many as there are."""
        return None if self.unlimited or self.unlimited_by_role else self.share_percent


@dataclass(frozen=True, slots=True)
class RequestedUsage:
    """One more request: the size and references of its pictures, their number, and their estimated cost in all."""

    megapixels: float
    references: int
    credits: int
    pictures: int = 1


class Unit(StrEnum):
    """The unit that a window counts."""

    PICTURES = "pictures"
    CREDITS = "credits"


@dataclass(frozen=True, slots=True)
class Window:
    """A limit on the requests within a period that ends now."""

    period: timedelta
    unit: Unit


@dataclass(frozen=True, slots=True)
class Running:
    """A limit on the pictures that are not finished."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A limit on how soon one request may follow another; its value is in seconds."""


@dataclass(frozen=True, slots=True)
class OfRequest:
    """A limit on the request itself, whatever was requested before; `amount` reads it."""

    amount: Callable[[RequestedUsage], float]


Measure = Window | Running | Pause | OfRequest
"""How a limit is measured; SQL, usage, bars and sentences follow from it."""


def measure_of(limit: Limit) -> Measure:
    """Return how a limit is measured."""
    match limit:
        case Limit.IMAGES_PER_HOUR:
            return Window(timedelta(hours=1), Unit.PICTURES)
        case Limit.IMAGES_PER_DAY:
            return Window(timedelta(days=1), Unit.PICTURES)
        case Limit.CREDITS_PER_MONTH:
            return Window(timedelta(days=30), Unit.CREDITS)
        case Limit.CONCURRENT:
            return Running()
        case Limit.COOLDOWN:
            return Pause()
        case Limit.MAX_MEGAPIXELS:
            return OfRequest(lambda ask: ask.megapixels)
        case Limit.MAX_REFERENCES:
            return OfRequest(lambda ask: ask.references)
        case Limit.PICTURES_PER_REQUEST:
            return OfRequest(lambda ask: ask.pictures)
        case _:
            assert_never(limit)


def windows_of(limits: Iterable[Limit]) -> dict[Limit, Window]:
    """Return the windows among some limits."""
    return {limit: measure for limit in limits if isinstance(measure := measure_of(limit), Window)}


SMALLER_IS_GENEROUS: Final = frozenset(limit for limit in Limit if isinstance(measure_of(limit), Pause))
EXTRA_LIMITS: Final = tuple(limit for limit in Limit if isinstance(measure_of(limit), Window | Running))
"""Those that count something, so that a role can add to them."""
SERVER_LIMITS: Final = tuple(limit for limit in Limit if not isinstance(measure_of(limit), Pause))

LEAST: Final = RequestedUsage(megapixels=0, references=0, credits=1)
"""Less than any picture: a limit that refuses it is reached, as a month is that was spent to the last credit."""


@dataclass(frozen=True, slots=True)
class UsedAmounts:
    """The usage of one limit, and the time when enough of it expires, if known."""

    amount: float
    frees_at: datetime | None = None


Usage = Mapping[Limit, UsedAmounts]


@dataclass(frozen=True, slots=True)
class LimitExceeded:
    """One limit that is reached: its scope, usage and value, when it frees up, and who set it.

    Of several `pictures` that were asked for at once, `fits` would be allowed.
    """

    scope: Scope
    limit: Limit
    used: float
    allowed: float
    set_by: Scope
    frees_at: datetime | None = None
    pictures: int = 1
    fits: int = 0


def for_member(rules: Rules) -> Effective:
    """Return a person's own limits: their entry, else the most generous of their roles, else everyone's.

    All roles that add to everyone's limit are one more choice among the roles. The operator's are both the default and
    the ceiling of each, and a slowdown of the server the least cooldown.
    """
    set_by = {limit: _under(rules.operator_member, limit, _own(rules, limit)) for limit in Limit}
    limits = {limit: ceiling for limit, ceiling in set_by.items() if ceiling is not None}
    cooldown = limits.get(Limit.COOLDOWN)
    if rules.slowdown_seconds and (cooldown is None or cooldown.value < rules.slowdown_seconds):
        limits[Limit.COOLDOWN] = Ceiling(rules.slowdown_seconds, Scope.SERVER)
    return limits


def limits_of(rules: Rules) -> dict[Scope, Effective]:
    """Return the limits of a member and of the server in total."""
    return {Scope.MEMBER: for_member(rules), Scope.SERVER: for_server(rules)}


def for_server(rules: Rules) -> Effective:
    """Return the server's totals, under the operator's."""
    return {
        limit: ceiling
        for limit in SERVER_LIMITS
        if (ceiling := _under(rules.operator_server, limit, _ceiling(rules.server, limit, Scope.SERVER)))
    }


def decide(
    ask: RequestedUsage, limits: Mapping[Scope, Effective], usage: Mapping[Scope, Usage]
) -> LimitExceeded | None:
    """Return which limit of a member or of the server is against a request, or None.

    `limits` and `usage` have the scopes MEMBER and SERVER; `usage` has the usage of each effective limit, and for
    COOLDOWN the seconds since the last request. If several are reached, the first is named, in the order of `limits`
    and within a scope in its own order.
    """
    for scope, effective in limits.items():
        for limit, ceiling in effective.items():
            used = _used(ask, limit, usage[scope])
            if exceeds(ask, limit, used.amount, ceiling.value):
                verdict = LimitExceeded(scope, limit, used.amount, ceiling.value, ceiling.scope, used.frees_at)
                return replace(verdict, pictures=ask.pictures)
    return None


def pictures_allowed(limits: Mapping[Scope, Effective], wanted: int) -> int:
    """Return how many pictures one request may make, from one to as many as are wanted."""
    each = (effective.get(Limit.PICTURES_PER_REQUEST) for effective in limits.values())
    return max(1, int(min([wanted, *(ceiling.value for ceiling in each if ceiling is not None)])))


def credits_left(ask: RequestedUsage, limits: Mapping[Scope, Effective], usage: Mapping[Scope, Usage]) -> int | None:
    """Return the credits that a request leaves of the month's budget; None if there is no budget.

    If the member and the server both have one, it is the smaller rest.
    """
    month = Limit.CREDITS_PER_MONTH
    rests = [
        effective[month].value - usage[scope][month].amount - ask.credits
        for scope, effective in limits.items()
        if month in effective
    ]
    return int(min(rests)) if rests else None


def more_generous(limit: Limit, value: float, other: float) -> bool:
    """Return True if a limit of one value allows more pictures than one of another."""
    return value < other if limit in SMALLER_IS_GENEROUS else value > other


def _used(ask: RequestedUsage, limit: Limit, usage: Usage) -> UsedAmounts:
    measure = measure_of(limit)
    return UsedAmounts(measure.amount(ask)) if isinstance(measure, OfRequest) else usage[limit]


def exceeds(ask: RequestedUsage, limit: Limit, used: float, allowed: float) -> bool:
    """Return True if a request would exceed a limit with this usage; see `decide`."""
    match measure_of(limit):
        case OfRequest():
            return used > allowed
        case Pause():
            return used < allowed
        case Window(unit=Unit.CREDITS):
            return used + ask.credits > allowed
        case Window() | Running():
            return used + ask.pictures > allowed


def _own(rules: Rules, limit: Limit) -> Ceiling | None:
    if rules.unlimited:
        return None
    if limit in rules.member:
        return Ceiling(rules.member[limit], Scope.MEMBER)
    if rules.unlimited_by_role:
        return None
    everyone = _ceiling(rules.everyone, limit, Scope.EVERYONE)
    of_roles = [Ceiling(allowance[limit], Scope.ROLE) for allowance in rules.roles if limit in allowance]
    extras = {role_id: allowance[limit] for role_id, allowance in rules.extras.items() if limit in allowance}
    if everyone is not None and extras:
        of_roles.append(replace(everyone, value=everyone.value + sum(extras.values()), extras=extras))
    if not of_roles:
        return everyone
    return (min if limit in SMALLER_IS_GENEROUS else max)(of_roles, key=lambda ceiling: ceiling.value)


def _under(operator: Allowance, limit: Limit, ceiling: Ceiling | None) -> Ceiling | None:
    """Return a limit as it holds under the operator's."""
    highest = _ceiling(operator, limit, Scope.OPERATOR)
    if ceiling is None or highest is None:
        return ceiling or highest
    return highest if more_generous(limit, ceiling.value, highest.value) else ceiling


def _ceiling(allowance: Allowance, limit: Limit, scope: Scope) -> Ceiling | None:
    return Ceiling(allowance[limit], scope) if limit in allowance else None
