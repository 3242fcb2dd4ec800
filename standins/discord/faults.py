"""Faults between a bot and Discord, for tests."""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, TypedDict, Unpack

from standins.discord.garbled import Garbled
from standins.discord.payload import Payload

WORDS = {
    403: "Missing Access",
    404: "404: Not Found",
    429: "You are being rate limited.",
    500: "500: Internal Server Error",
    502: "502: Bad Gateway",
    503: "503: Service Unavailable",
}


Rewrite = Callable[[Any], Any]
"""Returns other JSON for an answer's, or an event's."""


class Wrong(TypedDict, total=False):
    """How a request goes wrong; see `Fault`."""

    times: int | None
    status: int
    code: int
    retry_after: float | None
    delay: float
    drop: bool
    after_acting: bool
    over_bytes: int
    garbled: Garbled | None
    with_file: bool
    saying: str
    rewrite: Rewrite | None
    succeeds_with: int | None
    without_header: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A request's content: its size in bytes, its files, and its JSON as text."""

    size: int = 0
    files: int = 0
    text: str = ""


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong with the next `times` requests that match (None: with all); then it is used up.

    Name the call precisely: a card's progress is edited by the same route as its picture, and comes first on a slow
    machine. A fault doesn't match bodies of up to `over_bytes`, requests without a file if it has `with_file`, or JSON
    that doesn't contain `saying`. A matching request waits `delay` seconds of the clock, then gets `status` and `code`,
    or is cut off with `drop`. With `after_acting`, Discord executes the request first. With only a delay, the response
    is the normal one. `garbled` changes a response on its way. A 429 without `retry_after` doesn't say when to retry.
    A later Discord may answer differently: `rewrite` changes the JSON of a response, `succeeds_with` is another status
    for it, and `without_header` takes a header away.
    """

    method: str
    path: str
    times: int | None = 1
    status: int | None = None
    code: int = 0
    retry_after: float | None = 0.0
    delay: float = 0.0
    drop: bool = False
    after_acting: bool = False
    over_bytes: int = -1
    garbled: Garbled | None = None
    with_file: bool = False
    saying: str = ""
    rewrite: Rewrite | None = None
    succeeds_with: int | None = None
    without_header: str = ""

    @property
    def acts(self) -> bool:
        """Return True if Discord executes the request, even if the bot gets an error."""
        return self.after_acting or (self.status is None and not self.drop)

    @property
    def breaks_the_document(self) -> bool:
        """Return True if the response doesn't conform to Discord's own document."""
        is_other = self.rewrite is not None or self.succeeds_with is not None
        return is_other or self.garbled is not None or self.retry_after is None

    def matches(self, method: str, path: str, sent: Sent) -> bool:
        """Return True if a request is meant."""
        is_called = self.method in (method, "*") and fnmatchcase(path, self.path)
        is_sent = sent.size > self.over_bytes and sent.files >= self.with_file and self.saying in sent.text
        return is_called and is_sent and self.times != 0

    def body(self, status: int) -> Payload:
        """Return the JSON that goes with the status."""
        body: Payload = {"message": WORDS.get(status, str(status)), "code": self.code}
        if status != 429:
            return body
        return body | {"global": False} | ({} if self.retry_after is None else {"retry_after": self.retry_after})


class Faults:
    """The faults that wait for a request to happen to, in the order in which they were asked for.

    `changed` is called after a fault has happened, so that the page updates.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.armed: list[Fault] = []
        self._changed = changed

    def arm(self, fault: Fault) -> None:
        """Make `fault` happen from now on, as often as it says."""
        self.armed.append(fault)

    def next(self, method: str, path: str, **wrong: Unpack[Wrong]) -> Fault:
        """Make the next requests by `method` (`*` for any) to `path` (below `/api/v10`, `*` as wildcard) fail."""
        fault = Fault(method, path, **wrong)
        self.arm(fault)
        return fault

    def clear(self) -> None:
        """Remove all faults."""
        self.armed.clear()

    def take(self, method: str, path: str, sent: Sent) -> Fault | None:
        """Return the fault that happens to this request, if any, used up by one."""
        struck = next((fault for fault in self.armed if fault.matches(method, path, sent)), None)
        if struck is not None and struck.times is not None:
            struck.times -= 1
            self.armed = [fault for fault in self.armed if fault.times != 0]
            self._changed()
        return struck
