"""Everything that the platforms send during a deep check, in one place: traces in the sessions record exchanges."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import SimpleNamespace
from typing import Any, Final

import aiohttp

DISCORD: Final = (
    "GET /users/@me",
    "GET /oauth2/applications/@me",
    "GET /gateway/bot",
    "GET /channels/{channel_id}",
    "GET /applications/{application_id}/commands",
    "GET /applications/{application_id}/guilds/{guild_id}/commands",
    "POST /applications/{application_id}/guilds/{guild_id}/commands",
    "DELETE /applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
    "POST /channels/{channel_id}/messages",
    "PATCH /channels/{channel_id}/messages/{message_id}",
    "GET /channels/{channel_id}/messages/{message_id}",
    "DELETE /channels/{channel_id}/messages/{message_id}",
    "POST /interactions/{interaction_id}/{interaction_token}/callback",
    "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
    "DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
)
APIFRAME: Final = (
    "GET /v2/me",
    "GET /v2/models",
    "GET /v2/jobs",
    "POST /v2/uploads",
    "POST /v2/images/generate",
    "GET /v2/jobs/{id}",
)
DOWNLOAD: Final = "apiframe GET (picture)"
_UNKNOWN: Final = "(another address)"
_WEBSOCKET: Final = 101  # the gateway, whose events the client keeps
RATE_LIMIT: Final = "x-ratelimit-"


class Body(Enum):
    """Something other than JSON in an answer."""

    NONE = "no body"
    UNREADABLE = "no JSON"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer; `body` is parsed JSON, and `status` is None if no answer came."""

    operation: str
    status: int | None
    duration_ms: int
    content_type: str = ""
    rate_limit_headers: tuple[str, ...] = ()
    body: object = field(default=Body.NONE, repr=False)


Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the gateway as it came, and when, in seconds of a clock that only goes forward."""

    name: str
    payload: Payload = field(repr=False)
    moment: float = field(default_factory=time.monotonic)


class Recorder:
    """Keeps the exchanges of each session that it traces, in the order in which they ended, and events."""

    def __init__(self, discord_url: str, apiframe_url: str) -> None:
        self.exchanges: list[Exchange] = []
        self.events: list[Event] = []
        self._bases = {"discord": discord_url.rstrip("/"), "apiframe": apiframe_url.rstrip("/")}

    def trace(self, *, downloads: bool = False) -> aiohttp.TraceConfig:
        """Return a trace for one session; what a session of `downloads` gets is kept without its body."""
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(_start)
        trace.on_request_exception.append(self._note_exception)
        if downloads:
            trace.on_request_end.append(self._note_download)
        else:
            trace.on_request_end.append(self._note_answer)
            trace.on_response_chunk_received.append(self._note_body)
        return trace

    def created_id(self, operation: str) -> int | None:
        """Return the id of the last thing that an operation has made, even if the rest of its answer is unreadable."""
        for exchange in reversed(self.exchanges):
            match exchange.body:
                case {"id": str(made)} if exchange.operation == operation and made.isdecimal():
                    return int(made)
        return None

    def was_refused(self, operation: str) -> bool:
        """Return True if the last answer to an operation says that it wasn't done."""
        statuses = [exchange.status for exchange in self.exchanges if exchange.operation == operation]
        return bool(statuses) and statuses[-1] is not None and 400 <= statuses[-1] < 500

    async def _note_exception(
        self, _: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        operation = self._operation(params.method, str(params.url))
        self.exchanges.append(Exchange(operation, None, _elapsed_ms(context)))

    async def _note_download(
        self, _: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        answer = params.response
        self.exchanges.append(Exchange(DOWNLOAD, answer.status, _elapsed_ms(context), answer.content_type))

    async def _note_answer(
        self, _: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        answer = params.response
        if answer.status == _WEBSOCKET:
            return
        context.place = len(self.exchanges)
        operation = self._operation(params.method, str(params.url))
        content_type = answer.headers.get("Content-Type", "")
        names = _rate_limit_headers(answer.headers)
        self.exchanges.append(Exchange(operation, answer.status, _elapsed_ms(context), content_type, names))

    async def _note_body(
        self, _: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceResponseChunkReceivedParams
    ) -> None:
        known = self.exchanges[context.place]
        self.exchanges[context.place] = Exchange(
            known.operation,
            known.status,
            _elapsed_ms(context),
            known.content_type,
            known.rate_limit_headers,
            _parsed(params.chunk),
        )

    def _operation(self, method: str, url: str) -> str:
        for platform, templates in (("discord", DISCORD), ("apiframe", APIFRAME)):
            base = self._bases[platform]
            if url.startswith(f"{base}/"):
                path = url.removeprefix(base).partition("?")[0]
                found = _matching(f"{method} {path}", templates)
                return f"{platform} {found}" if found else f"{platform} {method} {_UNKNOWN}"
        return f"{method} {_UNKNOWN}"


def _matching(request: str, templates: Sequence[str]) -> str | None:
    """Return the most literal template that a request matches."""
    parts = request.split("/")
    fitting = [each for each in templates if _fits(parts, each.split("/"))]
    return min(fitting, key=lambda each: each.count("{"), default=None)


def _fits(parts: Sequence[str], template: Sequence[str]) -> bool:
    pairs = zip(parts, template, strict=False)
    return len(parts) == len(template) and all(part == step or step.startswith("{") for part, step in pairs)


def _rate_limit_headers(headers: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(name.lower() for name in headers if name.lower().startswith(RATE_LIMIT)))


def _parsed(content: bytes) -> object:
    if not content:
        return Body.NONE
    try:
        parsed: object = json.loads(content)
    except ValueError:
        return Body.UNREADABLE
    return parsed


async def _start(_: aiohttp.ClientSession, context: SimpleNamespace, __: aiohttp.TraceRequestStartParams) -> None:
    context.started = time.monotonic()


def _elapsed_ms(context: SimpleNamespace) -> int:
    started: float = context.started
    return round((time.monotonic() - started) * 1000)
