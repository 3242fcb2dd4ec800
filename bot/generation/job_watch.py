"""Waiting for Apiframe's job: by polling, which finds every end, and by webhooks, which find it at once."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog

from bot.alerts.webhook_watch import WebhookWatch
from bot.apiframe.client import Apiframe
from bot.apiframe.errors import ApiframeError, Transient
from bot.apiframe.retry import OnWait
from bot.apiframe.wire import Job
from bot.generation.failures import GenerationFailed
from bot.generation.job_events import JobEvents, JobSubscription
from bot.picture.failure import Failure, FailureKind
from bot.settings import GenerationSettings

log = structlog.get_logger(__name__)

_BACK_OFF_AFTER = timedelta(minutes=1)  # most pictures take less; after that, ask less often
_BACK_OFF_FACTOR = 2.0
_SPREAD = 0.1  # of a pause: pictures that began together would ask together, again and again
_TOLD = frozenset({"delivered", "sent", "failed"})  # Apiframe's status of a job's webhooks once it has sent some

Pause = Callable[[float, asyncio.Event], Awaitable[None]]
"""Sleeps for so many seconds, at most until an event."""


class JobWatch:
    """Asks for a job's state until it ends or patience is over, counted from its submission.

    It polls every `poll_seconds`, and immediately when the end is announced. While webhooks of this job come, it polls
    after those, and every `safety_poll_seconds`. A pause that Apiframe requests is kept, except for an announced end,
    and ends with the timeout at the latest.
    """

    def __init__(
        self,
        apiframe: Apiframe,
        job_events: JobEvents,
        webhooks: WebhookWatch,
        settings: GenerationSettings,
        pause: Pause,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._apiframe = apiframe
        self._job_events = job_events
        self._webhooks = webhooks
        self._poll_seconds = settings.poll_seconds
        self._safety_poll_seconds = settings.safety_poll_seconds
        self._timeout = timedelta(seconds=settings.job_timeout_seconds)
        self._pause = pause
        self._now = now
        self._stopwatch = stopwatch

    async def until_done(
        self, job_id: str, submitted_at: datetime, on_progress: Callable[[Job], None], on_wait: OnWait
    ) -> Job:
        """Return the job once it has ended, well or badly; raise `GenerationFailed` when patience is over."""
        # The clock is asked once, and may be set to another hour afterwards.
        before, began = max(self._now() - submitted_at, timedelta(0)), self._stopwatch()
        with self._job_events.subscription(job_id) as subscription:
            seen_running = False
            while True:
                subscription.look_afresh()
                seen = await self._look(job_id, on_wait)
                if isinstance(seen, Job):
                    if not seen.status.is_running:
                        self._note_webhooks(seen, subscription, seen_running=seen_running)
                        return seen
                    seen_running = True
                    on_progress(seen)
                waited = before + timedelta(seconds=self._stopwatch() - began)
                left = self._timeout - waited
                if left < timedelta(0):
                    raise GenerationFailed(Failure(kind=FailureKind.TOOK_TOO_LONG), None)
                at_least_seconds = min(_asked_pause_seconds(seen), left.total_seconds())
                factor = _BACK_OFF_FACTOR if waited > _BACK_OFF_AFTER else 1.0
                await self._until_next_look(subscription, factor, at_least_seconds)

    async def _look(self, job_id: str, on_wait: OnWait) -> Job | ApiframeError:
        """Return where the job stands, or why Apiframe does not say."""
        try:
            return await self._apiframe.job(job_id, on_wait=on_wait)
        except ApiframeError as cause:  # the job goes on, and is paid for, whatever came instead, a 404 too
            log.error("job_state_unknown", job_id=job_id, cause=str(cause))
            return cause

    async def _until_next_look(self, subscription: JobSubscription, factor: float, at_least_seconds: float) -> None:
        usual_seconds = self._poll_seconds * factor * random.uniform(1 - _SPREAD, 1)  # noqa: S311  (chance, no secret)
        await self._pause(max(usual_seconds, at_least_seconds), subscription.ended)
        if subscription.more_will_come:
            await self._pause((self._safety_poll_seconds - self._poll_seconds) * factor, subscription.moved)

    def _note_webhooks(self, job: Job, subscription: JobSubscription, *, seen_running: bool) -> None:
        """Record whether webhooks reach us: none does if Apiframe says that it sent some, and none arrived."""
        if subscription.heard_anything:
            self._webhooks.arrived()
        elif job.webhook_status in _TOLD and seen_running and subscription.is_heard:
            self._webhooks.missed()  # none came before this vigil, or to another process


def _asked_pause_seconds(seen: Job | ApiframeError) -> float:
    """Return for how long Apiframe wants not to be asked, which may be longer than a request is tried again for."""
    return seen.retry_after_seconds or 0.0 if isinstance(seen, Transient) else 0.0
