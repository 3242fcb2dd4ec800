"""Names for the dangerous gaps between two effects, at which a test can have the process killed."""

import os
import signal
from typing import Final

CRASH_POINTS: Final = (
    "reserved, not yet answered",
    "answered, not yet enqueued",
    "noted as queued, not yet enqueued",
    "enqueued, not yet started",
    "about to submit",
    "order kept, not yet sent",
    "submitted, not yet saved",
    "saved, not yet waiting",
    "completed, not yet fetched",
    "fetched, not yet kept",
    "kept, not yet delivered",
    "about to post",
    "posted, not yet saved",
    "settled, not yet finished",
)

CANCEL_CRASH_POINTS: Final = (
    "about to cancel",
    "cancelled, not yet shown",
    "shown as cancelled, still in the queue",
)

FAILURE_CRASH_POINTS: Final = ("explained, not yet finished",)
SHOWCASE_CRASH_POINTS: Final = ("starred, not yet shown", "shown, not yet noted")
SUMMARY_CRASH_POINTS: Final = ("about to post a weekly summary", "weekly summary posted, not yet noted")
BATCH_CRASH_POINTS: Final = (
    "about to change the card of a batch",
    "changed the card of a batch, others still wait",
)
REVIEW_CRASH_POINTS: Final = (
    "put into review, not yet shown",
    "about to post for review",
    "posted for review, not yet noted",
    "decided, not yet resumed",
    "resumed, not yet noted",
    "decided, review card not yet changed",
)
BLOCK_CRASH_POINTS: Final = ("rejected, not yet blocked",)
REPOST_CRASH_POINTS: Final = ("about to repost", "reposted, not yet noted")
STYLE_CRASH_POINTS: Final = ("images of a style kept, not yet saved", "style saved, not yet answered")
ERASURE_CRASH_POINTS: Final = ("pictures erased, messages not yet deleted", "message deleted, not yet forgotten")

_EVERY_CRASH_POINT: Final = (
    *(*CRASH_POINTS, *CANCEL_CRASH_POINTS, *FAILURE_CRASH_POINTS),
    *(*SHOWCASE_CRASH_POINTS, *BATCH_CRASH_POINTS, *REPOST_CRASH_POINTS),
    *(*REVIEW_CRASH_POINTS, *BLOCK_CRASH_POINTS, *SUMMARY_CRASH_POINTS),
    *(*STYLE_CRASH_POINTS, *ERASURE_CRASH_POINTS),
)
_armed: set[str] = set()


def arm(name: str) -> None:
    """Kill this process with SIGKILL when it comes to the point `name`; only tests do so."""
    if name not in _EVERY_CRASH_POINT:
        raise ValueError(f"there is no crash point {name!r}")
    _armed.add(name)


def crash_point(name: str) -> None:
    """Mark a gap between two effects; does nothing unless a test armed it."""
    if name in _armed:
        os.kill(os.getpid(), signal.SIGKILL)
