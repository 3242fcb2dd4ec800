"""Why a picture did not come to be: kinds and figures, which `cogs.ui` puts into words."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class FailureKind(StrEnum):
    """The ways in which a reserved picture can fail; none of them is charged, except where said."""

    REFUSED_BY_MODEL = "refused_by_model"
    OUT_OF_CREDITS = "out_of_credits"
    KEY_REFUSED = "key_refused"
    REQUEST_REFUSED = "request_refused"
    BUSY = "busy"  # Apiframe wanted fewer requests for longer than we wait
    UNREACHABLE = "unreachable"
    REFERENCE_LOST = "reference_lost"  # neither its link nor our store has it, or Apiframe could not fetch it
    MODEL_FAILED = "model_failed"
    EXPIRED = "expired"  # made, charged, and purged before it could be fetched
    PICTURE_BROKEN = "picture_broken"  # made and charged, but the file was damaged
    TOOK_TOO_LONG = "took_too_long"  # charged if it is drawn after all
    LOST_TRACK = "lost_track"  # perhaps ordered and charged: its answer was lost, and so is its job
    UNDELIVERABLE = "undeliverable"  # made and charged, but no place was left to post it
    INTERRUPTED = "interrupted"  # never started, because its request was not answered in time
    CANCELLED = "cancelled"  # by a moderator, or its member had themselves deleted, before it was ordered or posted
    CANCELLED_BY_MEMBER = "cancelled_by_member"  # before it was ordered; charged if it was made and in review
    REJECTED = "rejected"  # by a moderator; charged if it was made and the server chose so
    NOT_REVIEWED = "not_reviewed"  # no moderator decided in time; likewise
    BROKEN = "broken"  # a fault of ours, charged if it was or will be drawn; `reference` finds the log line


CANCELLED = frozenset({FailureKind.CANCELLED, FailureKind.CANCELLED_BY_MEMBER})


class Failure(BaseModel):
    """One failure with the figures that its words need."""

    model_config = ConfigDict(frozen=True)

    kind: FailureKind
    reason: str = ""  # the service's message, fit for a person
    credits_required: int | None = None
    credits_available: int | None = None
    reference: str = ""
