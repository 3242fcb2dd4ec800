"""The one exception that ends a workflow without a picture, and what becomes one."""

import re

import structlog

from bot.apiframe.errors import BadRequest, KeyRefused, OrderInDoubt, OutOfCredits, RateLimited
from bot.apiframe.wire import Job
from bot.errors import BotError
from bot.picture.failure import Failure, FailureKind
from bot.storage.images import ImageLost

log = structlog.get_logger(__name__)

_REASON_CHARACTERS = 300
_POLICY_WORDS = re.compile(
    r"moderat|polic(y|ies)|nsfw|safety|sensitive|flagged|prohibited|not allowed|blocked", re.IGNORECASE
)

_NOT_FETCHED_WORDS = re.compile(
    r"\b(fetch|download|retriev|access)\w*\b.*\bimage|\bimage.*\b(fetch|download|retriev|access)", re.IGNORECASE
)


class GenerationFailed(BotError):
    """Carry why a generation ends without a picture, and what Apiframe charged nevertheless, in credits.

    None credits are not known yet: the job goes on, or nobody looked.
    """

    def __init__(self, failure: Failure, credits_charged: int | None = 0) -> None:
        super().__init__(failure, credits_charged)
        self.failure = failure
        self.credits_charged = credits_charged

    def __str__(self) -> str:
        return f"{self.failure.kind}, {self.credits_charged} credits charged"


def refusal_of(error: Exception) -> GenerationFailed:
    """Return the failure of a picture that wasn't ordered; one that only the operator can fix is logged for them."""
    match error:
        case ImageLost():
            failure = Failure(kind=FailureKind.REFERENCE_LOST)
        case OutOfCredits():
            log.error("apiframe_out_of_credits", required=error.required, available=error.available)
            failure = Failure(
                kind=FailureKind.OUT_OF_CREDITS,
                credits_required=error.required,
                credits_available=error.available,
            )
        case KeyRefused():
            log.error("apiframe_key_refused", remedy="set a valid APIFRAME_API_KEY", says=error.says)
            failure = Failure(kind=FailureKind.KEY_REFUSED, reason=_cut(error.says))
        case BadRequest():
            log.warning("apiframe_refused_request", fields=list(error.details))
            reasons = [f"{field}: {' '.join(messages)}" for field, messages in error.details.items()]
            failure = Failure(kind=FailureKind.REQUEST_REFUSED, reason=_cut("; ".join(reasons) or error.error))
        case RateLimited():
            log.error("apiframe_too_busy", remedy="lower GENERATION__STARTS_PER_MINUTE")
            failure = Failure(kind=FailureKind.BUSY)
        case _:
            log.error("apiframe_unreachable", cause=str(error))
            failure = Failure(kind=FailureKind.UNREACHABLE)
    return GenerationFailed(failure)


def doubt_of(error: Exception | None) -> GenerationFailed:
    """Return what it means that an order may have been accepted unheard: its cost is not known."""
    match error:
        case OrderInDoubt():
            return doubt_of(error.refusal)
        case KeyRefused() | OutOfCredits():
            return GenerationFailed(refusal_of(error).failure, None)
        case _:
            log.error("order_lost", cause=str(error))
            return GenerationFailed(Failure(kind=FailureKind.LOST_TRACK), None)


def failure_of(job: Job) -> GenerationFailed:
    """Return what a job that ended badly means: Apiframe refunds it in full."""
    reason, kind = job.error or "", FailureKind.MODEL_FAILED
    if _POLICY_WORDS.search(reason):
        kind = FailureKind.REFUSED_BY_MODEL
    elif _NOT_FETCHED_WORDS.search(reason):
        kind = FailureKind.REFERENCE_LOST
    return GenerationFailed(Failure(kind=kind, reason=_cut(reason)))


def _cut(text: str) -> str:
    return text if len(text) <= _REASON_CHARACTERS else text[: _REASON_CHARACTERS - 1] + "…"
