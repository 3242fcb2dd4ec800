"""The jobs: one picture that was asked for, and the book of all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4

from standins.apiframe.faults import Fault, Kind
from standins.apiframe.references import Reference
from standins.apiframe.validation import Order

DAY_SECONDS = 24 * 3600


class Status(StrEnum):
    """The status of a job."""

    QUEUED = "QUEUED"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a job takes, in seconds of the clock: waiting for its turn, then being drawn."""

    queued: float = 0.5
    drawing: float = 3.0


@dataclass(frozen=True, slots=True)
class Image:
    """One finished picture: its address and its bytes."""

    url: str
    content: bytes
    content_type: str


@dataclass(slots=True, eq=False)
class Job:
    """One picture that was asked for; times are in Unix seconds of the clock.

    `body` is the request's, and `received` what it says; `downloads` counts the downloads of its images. `cost` is the
    charge, and stays after a refund.
    """

    order: Order
    body: bytes = field(repr=False)
    received: Mapping[str, object]
    idempotency_key: str | None
    cost: int
    pace: Pace
    faults: Mapping[Kind, Fault]
    accepted_at: float
    id: str = field(default_factory=lambda: str(uuid4()))
    status: Status = Status.QUEUED
    progress: int | None = None
    started_at: float | None = None
    finished_at: float | None = None
    error: str | None = None
    references: list[Reference] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    webhook_status: str | None = None
    downloads: int = 0

    @property
    def finished(self) -> bool:
        """Return True if the job won't change any more."""
        return self.finished_at is not None

    def expired(self, now: float) -> bool:
        """Return True if its files are gone: a day after completion, or immediately if a fault says so."""
        if self.status is not Status.COMPLETED or self.finished_at is None:
            return False
        return Kind.EXPIRED in self.faults or now >= self.finished_at + DAY_SECONDS

    def result(self) -> object:
        """Return `{"images": [url, …]}`, a bare URL where a fault says so, None before there is any."""
        if self.status is not Status.COMPLETED:
            return None
        urls = [image.url for image in self.images]
        return urls[0] if Kind.BARE_RESULT in self.faults and urls else {"images": urls}

    def entry(self, now: float) -> dict[str, object]:
        """Return it as `GET /v2/jobs` lists it."""
        return {
            "id": self.id,
            "status": self.status.value,
            "model": self.order.model,
            "progress": self.progress,
            "result": self.result(),
            "error": self.error,
            "creditCost": self.cost,
            "webhookStatus": self.webhook_status,
            "createdAt": iso(self.accepted_at),
            "completedAt": None if self.finished_at is None else iso(self.finished_at),
            "expired": self.expired(now),
        }

    def document(self, now: float) -> dict[str, object]:
        """Return the full `Job` object of `GET /v2/jobs/{id}`."""
        return {**self.entry(now), "input": dict(self.received)}


def strange_fields(job: Job) -> dict[str, object]:
    """Return fields of a job in undocumented shapes that real servers send."""
    images = [{"url": image.url, "contentType": image.content_type} for image in job.images]
    return {
        "creditCost": str(job.cost),
        "expired": None,
        "error": {"message": job.error, "code": None} if job.error else None,
        "result": {"images": images} if job.status is Status.COMPLETED else None,
        "webhookStatus": None if job.webhook_status is None else "sent",
    }


class JobBook:
    """All jobs by id, in the order in which they were accepted.

    `in_progress` are the keys of orders that are being handled, and have no job yet.
    """

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.in_progress: set[str] = set()
        self._latest_of_key: dict[str, Job] = {}

    def add(self, job: Job) -> None:
        """Write a new job down."""
        self.jobs[job.id] = job
        if job.idempotency_key is not None:
            self._latest_of_key[job.idempotency_key] = job

    def with_key(self, idempotency_key: str | None, now: float) -> Job | None:
        """Return the job that this key made within the last 24 hours."""
        job = self._latest_of_key.get(idempotency_key) if idempotency_key is not None else None
        return job if job and now < job.accepted_at + DAY_SECONDS else None

    def newest_first(self) -> list[Job]:
        """Return all jobs, the newest first."""
        return list(reversed(self.jobs.values()))


def iso(moment: float) -> str:
    """Write a moment in Unix seconds as ISO 8601 with milliseconds, in UTC."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
