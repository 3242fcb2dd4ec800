"""The bounds of each limit: the one table behind options, fields of forms and their checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.limits.policy import Limit
from bot.picture.request import PICTURES_MAX, REFERENCES_MAX
from bot.picture.size import MEGAPIXELS_MAX

WORD_MAX: Final = 50  # characters of a blocked word or phrase
REASON_MAX: Final = 300  # characters, why somebody is blocked
SHARE_MAX: Final = 100  # percent of the credits left in a server's month
REVIEW_HOURS_MAX: Final = 168  # a week: that long, a picture can wait for a moderator
REVIEW_UNTIL_MAX: Final = 1000  # approved pictures, after which a member's next ones aren't reviewed
STARS_MAX: Final = 1000  # that a picture can need for the showcase


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that a limit can be set to, both included, and whether only whole numbers count."""

    least: float
    most: float
    whole: bool = True

    def __contains__(self, value: float) -> bool:
        return self.least <= value <= self.most


BOUNDS: Final[Mapping[Limit, Bounds]] = {
    Limit.IMAGES_PER_HOUR: Bounds(0, 1_000_000),
    Limit.IMAGES_PER_DAY: Bounds(0, 1_000_000),
    Limit.CREDITS_PER_MONTH: Bounds(0, 1_000_000),
    Limit.CONCURRENT: Bounds(0, 1_000_000),
    Limit.COOLDOWN: Bounds(0, 86_400),  # a day, in seconds
    Limit.MAX_MEGAPIXELS: Bounds(0.25, MEGAPIXELS_MAX, whole=False),
    Limit.MAX_REFERENCES: Bounds(0, REFERENCES_MAX),
    Limit.PICTURES_PER_REQUEST: Bounds(1, PICTURES_MAX),
}
