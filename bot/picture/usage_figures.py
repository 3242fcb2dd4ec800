"""The figures of a server's usage, by day, member, channel and style."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Line:
    """One member's figures of one day (UTC)."""

    day: date
    user_id: int
    pictures: int
    credits: int
    refusals: int


@dataclass(frozen=True, slots=True)
class DetailedLine:
    """One member's figures of one day (UTC) in one channel and style; refusals have neither."""

    day: date
    user_id: int
    channel_id: int | None
    style_id: int | None
    pictures: int
    credits: int
    refusals: int


@dataclass(frozen=True, slots=True)
class Part:
    """The pictures of one channel, or of one style, and their credits; None stands for pictures without a style."""

    id: int | None
    pictures: int
    credits: int


@dataclass(frozen=True, slots=True)
class UsageFilter:
    """Which usage is shown; a field that isn't set leaves nothing out."""

    user_id: int | None = None
    channel_id: int | None = None
    style_id: int | None = None

    @property
    def has_refusals(self) -> bool:
        """Return False if refusals are left out, because neither their channel nor their style is stored."""
        return self.channel_id is None and self.style_id is None


NO_FILTER = UsageFilter()


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a time: in detail, by day and member, and by channel and style with the most pictures first."""

    details: Sequence[DetailedLine]
    lines: Sequence[Line]
    channels: Sequence[Part]
    styles: Sequence[Part]
