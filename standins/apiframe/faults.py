"""Faults of Apiframe, and how often each occurs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

Route = Literal["generate", "job", "jobs", "me", "models", "uploads", "cdn"]


class Kind(StrEnum):
    """The faults by the names that a test or a front-end gives them."""

    # Looked for at every request to the API.
    RATE_LIMITED = "rate-limited"
    SERVER_ERROR = "server-error"
    HTML = "html-instead-of-json"
    PROXY_PAGE = "page-of-a-proxy"
    STALLED = "stalled-answer"
    LOST_REQUEST = "connection-lost-before"
    LOST_ANSWER = "connection-lost-after"
    # Looked for when a job is asked for.
    OUT_OF_CREDITS = "out-of-credits"
    # Looked for when a key comes again with its body: 409, as if the body were another.
    KEY_CONFLICT = "key-conflict"
    # Looked for when a new order comes: it is handled for so long, also without its caller, and its key gets 409 then.
    SLOW_ORDER = "slow-order"
    # Looked for when a job is accepted; the job then suffers from it for as long as it lives.
    POLICY = "policy-refusal"
    MODEL_FAILURE = "model-failure"
    SLOW = "slow"
    HANG = "hang"
    NO_IMAGES = "no-images"
    THREE_IMAGES = "three-images"
    BARE_RESULT = "bare-result"
    HUGE = "huge"
    EXPIRED = "expired"
    DRIPPING = "dripping"
    # Looked for whenever a job begins to fetch its references.
    DEAD_REFERENCES = "dead-references"
    # Looked for whenever a webhook is due; the second only when it tells of a job's end.
    LOST_WEBHOOK = "lost-webhook"
    LOST_LAST_WEBHOOK = "lost-last-webhook"
    # Looked for whenever a job is shown.
    UNKNOWN_JOB = "unknown-job"
    UNKNOWN_STATUS = "unknown-status"
    STRANGE_FIELDS = "strange-fields"
    NO_INPUT = "no-input"
    EXTRA_FIELDS = "extra-fields"
    # Looked for whenever a result is downloaded.
    CUT_OFF = "cut-off"
    WRONG_CONTENT = "wrong-content"
    MISSING = "missing"


OF_JOBS = (
    Kind.POLICY,
    Kind.MODEL_FAILURE,
    Kind.SLOW,
    Kind.HANG,
    Kind.NO_IMAGES,
    Kind.THREE_IMAGES,
    Kind.BARE_RESULT,
    Kind.HUGE,
    Kind.EXPIRED,
    Kind.DRIPPING,
)


@dataclass(slots=True)
class Fault:
    """One armed fault: `times` it will still happen (None: always), and the figures that its kind needs.

    `route` narrows a fault of requests to one route (None: all of the API). `status` is a SERVER_ERROR's, in JSON, or
    a PROXY_PAGE's, in HTML; a RATE_LIMITED is `dated` if its Retry-After is a date. `seconds` are that pause, a
    STALLED's delay, how long a SLOW_ORDER is handled, what a SLOW job takes longer, or a download of a DRIPPING one's
    picture; `megabytes` are a HUGE one's.
    """

    kind: Kind
    times: int | None = 1
    route: Route | None = None
    status: int = 503
    dated: bool = False
    seconds: float = 1.0
    megabytes: float = 12.0

    def concerns(self, kind: Kind, route: str | None) -> bool:
        """Return True if the fault applies to this route. A fault without a route doesn't affect the CDN."""
        if self.kind is not kind or self.times == 0:
            return False
        return route is None or self.route == route or (self.route is None and route != "cdn")


class Faults:
    """The faults that are armed, in the order in which they were, and the routes of the requests that met one.

    `rewrites` change the JSON of all answers of a route, as a later Apiframe may.
    """

    def __init__(self) -> None:
        self.armed: list[Fault] = []
        self.rewrites: dict[Route, Callable[[Any], Any]] = {}
        self.struck: set[str] = set()

    def arm(self, fault: Fault) -> None:
        """Make `fault` happen from now on, as often as it says."""
        self.armed.append(fault)

    def disarm(self, kind: Kind | None = None) -> None:
        """Remove all faults of this kind, or of any kind if it's None."""
        self.armed = [fault for fault in self.armed if kind is not None and fault.kind is not kind]

    def take(self, kind: Kind, route: str | None = None) -> Fault | None:
        """Return the fault of this kind that strikes now, used up by one; None if there is none."""
        struck = next((fault for fault in self.armed if fault.concerns(kind, route)), None)
        if struck is not None and route is not None:
            self.struck.add(route)
        if struck is not None and struck.times is not None:
            struck.times -= 1
            self.armed = [fault for fault in self.armed if fault.times != 0]
        return struck

    def take_for_job(self) -> Mapping[Kind, Fault]:
        """Return the faults of the next job, and count each as used once."""
        return {kind: fault for kind in OF_JOBS if (fault := self.take(kind)) is not None}
