"""Every way in which Apiframe says no, in its own shapes."""

from collections.abc import Mapping, Sequence
from math import ceil

from aiohttp import web


class Refusal(Exception):
    """An answer of 4xx or 5xx: its status, its JSON body (`error` and what more there is) and its headers."""

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


def rate_limited(seconds: float) -> Refusal:
    """Ask the caller to come back after `seconds`, rounded up to whole ones."""
    return Refusal(429, "Rate limit exceeded", headers={"Retry-After": str(ceil(seconds))})


def broken(status: int) -> Refusal:
    """Fail as a server does that is not well; `status` is 500, 502 or 503."""
    return Refusal(status, "Service temporarily unavailable" if status == 503 else "Internal server error")
