"""What the rules say of one more picture: values in, a verdict out. No clock, no database, no Discord."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """Whom a limit counts for."""

    MEMBER = "member"
    SERVER = "server"


class Limit(StrEnum):
    """What a rule can limit."""

    IMAGES_PER_HOUR = "images_per_hour"
    IMAGES_PER_DAY = "images_per_day"
    CONCURRENT = "concurrent"


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of one scope; 0 means none at all."""

    images_per_hour: int
    images_per_day: int
    concurrent: int


@dataclass(frozen=True, slots=True)
class Window:
    """What was used in a rolling window, and when it frees up if it is full."""

    used: int
    frees_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What one scope uses now."""

    hour: Window
    day: Window
    running: int


@dataclass(frozen=True, slots=True)
class Refused:
    """One limit that is reached: how much is used of how much, and when it frees up if that is known."""

    scope: Scope
    limit: Limit
    used: int
    allowed: int
    frees_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """Nothing stands in the way."""


Verdict = Allowed | Refused


def decide(scope: Scope, rules: Rules, usage: Usage) -> Verdict:
    """Return what `rules` say of one more picture; the limit that takes longest to free up is named first."""
    if usage.day.used >= rules.images_per_day:
        return Refused(scope, Limit.IMAGES_PER_DAY, usage.day.used, rules.images_per_day, usage.day.frees_at)
    if usage.hour.used >= rules.images_per_hour:
        return Refused(scope, Limit.IMAGES_PER_HOUR, usage.hour.used, rules.images_per_hour, usage.hour.frees_at)
    if usage.running >= rules.concurrent:
        return Refused(scope, Limit.CONCURRENT, usage.running, rules.concurrent)
    return Allowed()
