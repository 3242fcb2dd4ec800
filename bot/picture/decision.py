"""The review of a picture or prompt: its end, and the message in which moderators see it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Decision(StrEnum):
    """The ends of a review; the values are stored and never change."""

    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # the picture ended otherwise: cancelled, deleted, or its file was lost


class CardStep(StrEnum):
    """How far the message in the review channel has come.

    DUE ─> SHOWN ─> OUTDATED ─> DONE
      └────────────────┘
    """

    DUE = "due"  # to be posted
    SHOWN = "shown"  # moderators can decide
    OUTDATED = "outdated"  # to show the decision, or to be deleted with its picture
    DONE = "done"


class Review(BaseModel):
    """The review of one picture or prompt; times are UTC."""

    model_config = ConfigDict(frozen=True)

    generation_id: UUID
    server_key: str
    channel_id: int  # in which moderators decide
    card: CardStep
    message_id: int | None = None
    tried: bool = False  # somebody began to post the message, and may have done so
    lost_id: int | None = None  # the latest message that is gone, in whose place another is posted
    asked_at: datetime
    deadline: datetime
    decision: Decision | None = None
    decided_by: int | None = None  # None for the deadline, and for withdrawn ones
    decided_at: datetime | None = None
    reason: str = ""
