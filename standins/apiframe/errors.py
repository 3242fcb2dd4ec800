"""Every way in which Apiframe says no, in its own shapes."""

from collections.abc import Mapping, Sequence
from email.utils import formatdate
from math import ceil

from aiohttp import web


class Refusal(Exception):
    """A response of 4xx or 5xx: its status, its JSON body (`error` and other fields) and its headers."""

    def __init__(self, status: int, error: str, headers: Mapping[str, str] | None = None, **more: object) -> None:
        super().__init__(error)
        self.status = status
        self.body: dict[str, object] = {"error": error, **more}
        self.headers = headers

    def response(self) -> web.Response:
        """Return it as the HTTP answer."""
        return web.json_response(self.body, status=self.status, headers=self.headers)


def invalid(details: Mapping[str, Sequence[str]]) -> Refusal:
    """Refuse a request whose fields are wrong: sentences by the JSON path of the field."""
    return Refusal(400, "Validation failed", details=details)


def unauthorized(error: str) -> Refusal:
    """Refuse a caller without a key, or with one that nobody knows."""
    return Refusal(401, error)


def inactive() -> Refusal:
    """Refuse a key that exists and has been switched off."""
    return Refusal(403, "API key is inactive")


def insufficient_credits(required: int, available: int) -> Refusal:
    """Refuse a job that costs more than the team has."""
    return Refusal(402, "Insufficient credits", creditsRequired=required, creditsAvailable=available)


def not_found(what: str) -> Refusal:
    """Refuse to show what is not there."""
    return Refusal(404, f"{what} not found")


def bad_signature() -> Refusal:
    """Refuse to hand out a file by a link that is not spelled as it was signed."""
    return Refusal(403, "Signature does not match")


def images_disabled() -> Refusal:
    """Refuse an order of a team that may not make images."""
    return Refusal(403, "Image generation is disabled for your team")


def key_of_another_order() -> Refusal:
    """Refuse an order whose key was used for another body."""
    return Refusal(409, "Idempotency key was already used with a different request body")


def key_in_progress() -> Refusal:
    """Refuse an order whose key came before with a request that is still being handled."""
    return Refusal(409, "A request with this idempotency key is still in progress")


def rate_limited(seconds: float, now: float | None = None) -> Refusal:
    """Ask the caller to come back after `seconds`, rounded up to whole ones; with `now`, by a date."""
    if now is None:
        return Refusal(429, "Rate limit exceeded", headers={"Retry-After": str(ceil(seconds))})
    dates = {"Date": formatdate(int(now), usegmt=True), "Retry-After": formatdate(ceil(now + seconds), usegmt=True)}
    return Refusal(429, "Rate limit exceeded", headers=dates)


def broken(status: int) -> Refusal:
    """Fail as a server does that is not well, with any `status`."""
    return Refusal(status, "Service temporarily unavailable" if status == 503 else "Internal server error")
