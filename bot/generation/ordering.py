"""Ordering a picture from Apiframe and waiting for it; each step may be entered twice and has its effect once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from bot.apiframe.client import Apiframe
from bot.apiframe.errors import ApiframeError
from bot.apiframe.patience import OnWait, Reason, Waiting
from bot.apiframe.wire import Job, JobStatus
from bot.generation.crash_points import crash_point
from bot.generation.delivery import Delivery
from bot.generation.failed import Failed, failure_of, refusal_of
from bot.generation.references import References
from bot.generation.size_check import check_size
from bot.generation.waiting import JobWatch
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation, State
from bot.picture.progress import Drawing, HeldUp, Obstacle, Submitting
from bot.storage.generations import GenerationStore
from bot.storage.images import ImageLost

log = structlog.get_logger(__name__)

_KEY_KNOWN_FOR = timedelta(hours=23)  # Apiframe knows it for 24, and there has to be time left for trying


@dataclass(frozen=True, slots=True)
class Completed:
    """What a finished job left to fetch, and what it cost in credits, None where Apiframe does not say."""

    url: str
    credits: int | None


class Ordering:
    """Orders pictures and waits for them."""

    def __init__(
        self,
        store: GenerationStore,
        apiframe: Apiframe,
        watch: JobWatch,
        references: References,
        webhook_url: str | None,
    ) -> None:
        self._store = store
        self._apiframe = apiframe
        self._watch = watch
        self._references = references
        self._webhook_url = webhook_url

    async def submit(self, generation: Generation, delivery: Delivery) -> str:
        """Order the picture and return the job's id; the generation's id as key makes a second order the first one.

        Raises `Failed`, also where there may be an order that Apiframe does not know by its key any more.
        """
        if generation.job_id is not None:
            return generation.job_id
        first_asked_at = _first_asked_at(generation)
        generation = await self._store.advance(generation.id, State.SUBMITTING, submitted_at=first_asked_at)
        if generation.failure is not None:  # cancelled while it waited for its turn
            raise Failed(generation.failure)
        delivery.show(generation, Submitting())
        request = generation.request
        crash_point("about to submit")
        try:
            accepted = await self._apiframe.submit(
                request.prompt,
                request.params,
                await self._references.within_reach(request.references),
                idempotency_key=str(generation.id),
                webhook_url=self._webhook_url,
                on_wait=_showing_waits(generation, delivery, Obstacle.NOT_ORDERED),
            )
        except ApiframeError as refusal:
            raise refusal_of(refusal) from refusal
        except ImageLost as cause:
            raise Failed(Failure(kind=FailureKind.REFERENCE_LOST)) from cause
        crash_point("submitted, not yet saved")
        await self._store.advance(
            generation.id, State.SUBMITTED, job_id=accepted.job_id, submitted_at=datetime.now(UTC)
        )
        crash_point("saved, not yet written down as done")
        return accepted.job_id

    def check_size(self, generation: Generation) -> None:
        """Notice a fetched picture that came back in another size than was ordered."""
        check_size(generation, self._apiframe)

    async def wait(self, generation: Generation, delivery: Delivery, job_id: str) -> Completed:
        """Wait for the job's end; raise `Failed` if that is no picture."""
        crash_point("saved, not yet waiting")

        def show(job: Job) -> None:
            delivery.show(generation, Drawing(job.progress))

        submitted_at = generation.submitted_at or datetime.now(UTC)
        on_wait = _showing_waits(generation, delivery, Obstacle.UNREACHABLE)
        job = await self._watch.until_done(job_id, submitted_at, show, on_wait)
        if job.status is not JobStatus.COMPLETED:
            raise failure_of(job)
        if job.expired:
            raise Failed(Failure(kind=FailureKind.EXPIRED), job.credit_cost)
        if not job.images:
            raise Failed(Failure(kind=FailureKind.PICTURE_BROKEN), job.credit_cost)
        return Completed(job.images[0], job.credit_cost)


def _first_asked_at(generation: Generation) -> datetime:
    """Return when Apiframe was, or is now, first asked for a picture; raise `Failed` if its key is too old by now."""
    now = datetime.now(UTC)
    if generation.state is not State.SUBMITTING:
        return now
    asked_at = generation.submitted_at or generation.created_at  # versions before this one noted no moment
    if now - asked_at > _KEY_KNOWN_FOR:
        log.error("order_lost_track_of", generation=str(generation.id), asked_at=asked_at.isoformat())
        raise Failed(Failure(kind=FailureKind.LOST_TRACK), None)
    return asked_at


def _showing_waits(generation: Generation, delivery: Delivery, silence: Obstacle) -> OnWait:
    """Return what tells the member of a pause, in words of their world."""

    def on_wait(waiting: Waiting) -> None:
        obstacle = Obstacle.RATE_LIMITED if waiting.reason is Reason.RATE_LIMITED else silence
        delivery.show(generation, HeldUp(obstacle, datetime.now(UTC) + timedelta(seconds=waiting.seconds_left)))

    return on_wait
