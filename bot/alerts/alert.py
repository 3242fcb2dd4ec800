"""Problems that need the operator, as values; `cogs.ui.operator_alerts` has the messages."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Alert(StrEnum):
    """A problem that needs the operator."""

    KEY_REFUSED = "key_refused"
    OUT_OF_CREDITS = "out_of_credits"
    CREDITS_LOW = "credits_low"
    APIFRAME_DOWN = "apiframe_down"
    IMAGE_STORE_DOWN = "image_store_down"
    WEBHOOKS_SILENT = "webhooks_silent"
    PROCESS_GONE = "process_gone"
    NO_WORKERS = "no_workers"


@dataclass(frozen=True, slots=True)
class AlertMessage:
    """That a trouble began at a moment, or was over then; with the credits that were left, where it is about those.

    `detail` names what it is about, where there are several.
    """

    alert: Alert
    resolved: bool
    since: datetime
    credits_left: int | None = None
    detail: str | None = None
