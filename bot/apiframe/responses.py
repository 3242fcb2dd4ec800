"""From an HTTP answer of Apiframe to a typed value, or to the error that it means."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TypeVar

from pydantic import ValidationError

from bot.apiframe.errors import (
    ApiframeError,
    BadRequest,
    Conflict,
    KeyRefused,
    NotFound,
    OutOfCredits,
    RateLimited,
    Unavailable,
    UnexpectedAnswer,
)
from bot.apiframe.wire import ErrorBody, Wire

W = TypeVar("W", bound=Wire)

_NOT_DONE = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.SERVICE_UNAVAILABLE})


def parse_response(status: int, headers: Mapping[str, str], body: bytes, shape: type[W]) -> W:
    """Return the `body` of a 2xx answer as `shape`; raise the `ApiframeError` that anything else means."""
    if not 200 <= status < 300:
        raise _refusal(status, headers, body)
    try:
        return shape.model_validate_json(body)
    except ValidationError as mismatch:
        problems = mismatch.errors(include_input=False, include_url=False, include_context=False)
    if any(problem["type"] == "json_invalid" for problem in problems):
        foreign = Unavailable(f"Apiframe's answer ({status}) is not JSON: something else answered in its stead")
        raise foreign.although_it_may_have_happened()
    fields = ", ".join(".".join(map(str, problem["loc"])) or "body" for problem in problems)
    strange = UnexpectedAnswer(f"Apiframe's answer ({status}) is no {shape.__name__}: see {fields}")
    raise strange.although_it_may_have_happened()


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Return the pause that a `Retry-After` asks for, in seconds or until a date, or None without one.

    A date is compared with the server's own clock, if it sends that along.
    """
    asked = headers.get("Retry-After", "").strip()
    if asked.replace(".", "", 1).isdecimal():
        return float(asked)
    until = _http_date(asked)
    if until is None:
        return None
    now = _http_date(headers.get("Date", "")) or datetime.now(UTC)
    return max((until - now).total_seconds(), 0.0)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refusal(status: int, headers: Mapping[str, str], body: bytes) -> ApiframeError:
    """Return what a status means; only with Apiframe's own JSON it is Apiframe's word."""
    pause_seconds = retry_after_seconds(headers)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited("Apiframe wants fewer requests (429)", pause_seconds)
    complaint = _complaint(body)
    if complaint is not None and 400 <= status < 500 and status not in _NOT_DONE:
        return _final(status, complaint, pause_seconds)
    stead = "" if complaint is not None else ": something else answered in its stead"
    outage = Unavailable(f"Apiframe is not available ({status}){stead}", pause_seconds)
    refused = status < 500 or (complaint is not None and status in _NOT_DONE)
    return outage if refused else outage.although_it_may_have_happened()


def _final(status: int, complaint: ErrorBody, pause_seconds: float | None) -> ApiframeError:
    match status:
        case 400:
            return BadRequest(complaint.error, complaint.details)
        case 401:
            return KeyRefused("Apiframe refuses the API key (401)")
        case 403:
            return KeyRefused("Apiframe does not let the API key do this (403)", complaint.error)
        case 402:
            return OutOfCredits(complaint.credits_required, complaint.credits_available)
        case 404:
            return NotFound("Apiframe knows nothing there (404)")
        case 409:
            return Conflict("Apiframe is at it already, or the key is another order's (409)", pause_seconds)
        case _:
            return UnexpectedAnswer(f"Apiframe answered with an unforeseen status ({status})")


def _complaint(body: bytes) -> ErrorBody | None:
    """Return what Apiframe complains of, or None if that is not its JSON."""
    try:
        return ErrorBody.model_validate_json(body)
    except ValidationError:
        return None
