"""Review: pictures, or prompts, that wait for a moderator before they are posted."""

from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

HOURS_DEFAULT: Final = 24


class ReviewOf(StrEnum):
    """The thing that moderators look at; the values are stored and never change."""

    PICTURE = "picture"  # made and paid for, but not posted
    PROMPT = "prompt"  # before anything is paid


class AtDeadline(StrEnum):
    """The decision if no moderator has made one in time; the values are stored and never change."""

    REJECT = "reject"
    APPROVE = "approve"


class ReviewTerms(BaseModel):
    """How one request is reviewed: by the server's rules when it was requested, whatever they became since.

    `charge_rejected` is whether a rejected picture counts against limits as if it had been posted.
    """

    model_config = ConfigDict(frozen=True)

    of: ReviewOf
    channel_id: int
    hours: int
    at_deadline: AtDeadline
    charge_rejected: bool
