"""What the bot cannot mend by itself, as values; `cogs.ui.notices` puts them into words."""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What needs the operator."""

    KEY_REFUSED = "key_refused"
    OUT_OF_CREDITS = "out_of_credits"
    CREDITS_LOW = "credits_low"
    APIFRAME_DOWN = "apiframe_down"
    WEBHOOKS_SILENT = "webhooks_silent"


@dataclass(frozen=True, slots=True)
class Notice:
    """That a trouble began, or that it is over; with the credits that are left, where it is about those."""

    trouble: Trouble
    over: bool
    credits_left: int | None = None
