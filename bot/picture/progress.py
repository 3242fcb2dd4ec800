"""The stages that a member sees while a picture is made."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.picture.review import AtDeadline


@dataclass(frozen=True, slots=True)
class Looking:
    """The reference images are being looked at; nothing is reserved yet."""


@dataclass(frozen=True, slots=True)
class Queued:
    """Wait for its turn; `position` counts from 1, and is None before it is known.

    `paused` says that nobody has a turn, since Apiframe is down.
    """

    position: int | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Submitting:
    """The request is on its way to the model."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The model draws; `percent` is None until it says how far it is."""

    percent: int | None


@dataclass(frozen=True, slots=True)
class Fetching:
    """The picture is made and on its way to Discord."""


class Obstacle(StrEnum):
    """The reason why a picture has to wait."""

    RATE_LIMITED = "rate_limited"
    NOT_ORDERED = "not_ordered"  # Apiframe does not answer, so nothing is spent yet
    UNREACHABLE = "unreachable"  # Apiframe has the order, or may have it, and says nothing


@dataclass(frozen=True, slots=True)
class HeldUp:
    """Something is in the way, and the bot keeps trying until `until` (UTC)."""

    obstacle: Obstacle
    until: datetime
    can_be_cancelled: bool = False  # no order can have been accepted


@dataclass(frozen=True, slots=True)
class InReview:
    """A moderator decides whether it's posted; what happens `at_deadline` (UTC) otherwise."""

    deadline: datetime
    at_deadline: AtDeadline


Progress = Looking | Queued | Submitting | Drawing | Fetching | HeldUp | InReview
