"""From an HTTP answer of Apiframe to a typed value, or to the error that it means."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from bot.apiframe.errors import (
    ApiframeError,
    BadRequest,
    KeyRefused,
    NotFound,
    OutOfCredits,
    RateLimited,
    Unavailable,
    UnexpectedAnswer,
)
from bot.apiframe.wire import Complaint, Wire

W = TypeVar("W", bound=Wire)


def understand(status: int, headers: Mapping[str, str], body: bytes, shape: type[W]) -> W:
    """Return the `body` of a 2xx answer as `shape`; raise the `ApiframeError` that anything else means."""
    if not 200 <= status < 300:
        raise _refusal(status, headers, body)
    try:
        return shape.model_validate_json(body)
    except ValidationError as mismatch:
        problems = mismatch.errors(include_input=False, include_url=False, include_context=False)
    if any(problem["type"] == "json_invalid" for problem in problems):
        raise Unavailable(f"Apiframe's answer ({status}) is not JSON: something else answered in its stead")
    fields = ", ".join(".".join(map(str, problem["loc"])) or "body" for problem in problems)
    raise UnexpectedAnswer(f"Apiframe's answer ({status}) is no {shape.__name__}: see {fields}")


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Return the pause that a `Retry-After` in seconds asks for, or None without one."""
    asked = headers.get("Retry-After", "").strip()
    return float(asked) if asked.replace(".", "", 1).isdecimal() else None


def _refusal(status: int, headers: Mapping[str, str], body: bytes) -> ApiframeError:
    complaint = _complaint(body)
    refusal: ApiframeError
    match status:
        case 400:
            refusal = BadRequest(complaint.error, complaint.details)
        case 401 | 403:
            refusal = KeyRefused(f"Apiframe refuses the API key ({status})")
        case 402:
            refusal = OutOfCredits(complaint.credits_required, complaint.credits_available)
        case 404:
            refusal = NotFound("Apiframe knows nothing there (404)")
        case 429:
            refusal = RateLimited("Apiframe wants fewer requests (429)", retry_after_seconds(headers))
        case _ if status >= 500:
            refusal = Unavailable(f"Apiframe is not available ({status})", retry_after_seconds(headers))
        case _:
            refusal = UnexpectedAnswer(f"Apiframe answered with an unforeseen status ({status})")
    return refusal


def _complaint(body: bytes) -> Complaint:
    try:
        return Complaint.model_validate_json(body)
    except ValidationError:  # the status alone says enough
        return Complaint()
