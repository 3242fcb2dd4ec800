"""The limits as a moderator would check them by hand: over the whole list of events, without caches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median_high

Limits = Mapping[str, float]

WINDOWS = {"images_per_hour": timedelta(hours=1), "images_per_day": timedelta(hours=24)}
MONTH = timedelta(days=30)
FIRST_ESTIMATE = 10  # credits


@dataclass(frozen=True)
class Setting:
    """The limits of one scope, role or member."""

    limits: Limits = field(default_factory=dict)
    unlimited: bool = False
    extras: Limits = field(default_factory=dict)


Rules = Mapping[tuple[str, int], Setting]
"""By scope and subject."""

UNSET = Setting()


@dataclass
class Picture:
    """One picture that was let through; `charged` is None until it has ended."""

    member: int
    megapixels: float
    at: datetime
    estimate: int
    charged: int | None = None
    delivered: bool = False

    @property
    def counts(self) -> bool:
        return self.charged is None or self.charged > 0 or self.delivered

    @property
    def price(self) -> int:
        return self.estimate if self.charged is None else self.charged


@dataclass
class Server:
    """One server: its rules now and before the latest change, who is in which role, and every picture."""

    roles: Mapping[int, frozenset[int]]
    operator_member: Limits
    operator_server: Limits
    rules: Rules = field(default_factory=dict)
    before: Rules | None = None
    pictures: list[Picture] = field(default_factory=list)

    def change(self, rules: Rules) -> None:
        known = {whose: setting for whose, setting in rules.items() if setting != UNSET}
        if known != self.rules:
            self.before, self.rules = self.rules, known

    def set(self, scope: str, subject: int, limits: Limits, unlimited: bool | None) -> None:
        old = self.rules.get((scope, subject), UNSET)
        lifted = old.unlimited if unlimited is None else unlimited
        self.change({**self.rules, (scope, subject): Setting({**old.limits, **limits}, lifted, old.extras)})

    def add(self, role: int, extras: Limits) -> None:
        old = self.rules.get(("role", role), UNSET)
        added = {limit: value for limit, value in {**old.extras, **extras}.items() if value > 0}
        self.change({**self.rules, ("role", role): Setting(old.limits, old.unlimited, added)})

    def undo(self) -> None:
        if self.before is not None:
            self.before, self.rules = self.rules, self.before

    def estimate(self, megapixels: float) -> int:
        """Say what such pictures cost lately."""
        costs = [each.price for each in self.pictures if each.delivered and each.megapixels == megapixels]
        return median_high(costs) if costs else FIRST_ESTIMATE

    def forbids(self, member: int, megapixels: float, together: int, now: datetime) -> bool:
        """Return True if any rule forbids some more pictures of a member, asked for together."""
        counted = [picture for picture in self.pictures if picture.counts]
        asked = [Picture(member, megapixels, now, self.estimate(megapixels)) for _ in range(together)]
        mine = [picture for picture in counted if picture.member == member]
        return any(reached(limit, allowed, mine, asked, now) for limit, allowed in self._of(member).items()) or any(
            reached(limit, allowed, counted, asked, now) for limit, allowed in self._totals().items()
        )

    def is_over_share(self, member: int, megapixels: float, together: int, now: datetime) -> bool:
        """Return True if the pictures would exceed a member's share a day of the credits that are left."""
        percent = self.rules.get(("share", 0), UNSET).limits.get("percent")
        month = self._totals().get("credits_per_month")
        lifting = [("member", member), *(("role", role) for role in self.roles[member])]
        if percent is None or month is None or any(self.rules.get(each, UNSET).unlimited for each in lifting):
            return False
        counted = [picture for picture in self.pictures if picture.counts]
        day = timedelta(hours=24)
        today = sum(each.price for each in counted if each.member == member and now - each.at < day)
        left = month - sum(each.price for each in counted if now - each.at < MONTH) + today
        asked = self.estimate(megapixels) * together
        is_first = together == 1 and today == 0
        return today + asked > int(max(0, left) * percent / 100) and not is_first

    def most(self, member: int, megapixels: float, together: int, now: datetime) -> int:
        """Return how many of some pictures would be allowed together."""
        allowed = (each for each in range(together, 0, -1) if not self.forbids(member, megapixels, each, now))
        return next(allowed, 0)

    def _of(self, member: int) -> Limits:
        own = self.rules.get(("member", member), UNSET)
        roles = [self.rules.get(("role", role), UNSET) for role in self.roles[member]]
        if own.unlimited:
            return self.operator_member
        theirs: dict[str, float] = {}
        if not any(role.unlimited for role in roles):
            theirs |= self.rules.get(("everyone", 0), UNSET).limits
            sums = {
                limit: theirs[limit] + sum(role.extras.get(limit, 0) for role in roles)
                for limit in theirs
                if any(limit in role.extras for role in roles)
            }
            for limit in {limit for role in roles for limit in role.limits} | sums.keys():
                values = [each[limit] for each in [sums, *(role.limits for role in roles)] if limit in each]
                theirs[limit] = min(values) if limit == "cooldown" else max(values)
        return under(self.operator_member, {**theirs, **own.limits})

    def _totals(self) -> Limits:
        return under(self.operator_server, self.rules.get(("server", 0), UNSET).limits)


def under(operator: Limits, limits: Limits) -> Limits:
    """Return limits as the operator's ceilings leave them."""
    both = {limit: (limits[limit], operator[limit]) for limit in limits.keys() & operator.keys()}
    return {**operator, **limits, **{k: max(pair) if k == "cooldown" else min(pair) for k, pair in both.items()}}


def reached(limit: str, allowed: float, pictures: Sequence[Picture], asked: Sequence[Picture], now: datetime) -> bool:
    """Return True if the pictures asked for, in addition to these, would exceed a limit."""
    match limit:
        case "images_per_hour" | "images_per_day":
            return sum(now - each.at < WINDOWS[limit] for each in pictures) + len(asked) > allowed
        case "credits_per_month":
            return sum(each.price for each in [*pictures, *asked] if now - each.at < MONTH) > allowed
        case "concurrent":
            return sum(each.charged is None for each in pictures) + len(asked) > allowed
        case "cooldown":
            return any(now - each.at < timedelta(seconds=allowed) for each in pictures)
        case "max_megapixels":
            return asked[0].megapixels > allowed
        case "pictures_per_request":
            return len(asked) > allowed
        case _:
            raise ValueError(limit)
