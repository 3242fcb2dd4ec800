"""Waiting for Apiframe's job: by polling, which finds every end."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog

from bot.apiframe.client import Apiframe
from bot.apiframe.errors import KeyRefused, NotFound, Transient
from bot.apiframe.patience import OnWait
from bot.apiframe.wire import Job
from bot.generation.failed import Failed
from bot.picture.failure import Failure, FailureKind

log = structlog.get_logger(__name__)

_BACK_OFF_AFTER = timedelta(minutes=1)  # most pictures take less; after that, ask less often
_BACK_OFF_FACTOR = 2.0


class JobWatch:
    """Asks for a job's state every `poll_seconds` until it ends or `patience` is over, counted from its submission."""

    def __init__(
        self,
        apiframe: Apiframe,
        poll_seconds: float,
        patience: timedelta,
        pause: Callable[[float], Awaitable[None]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._apiframe = apiframe
        self._poll_seconds = poll_seconds
        self._patience = patience
        self._pause = pause
        self._now = now

    async def until_done(
        self, job_id: str, submitted_at: datetime, on_progress: Callable[[Job], None], on_wait: OnWait
    ) -> Job:
        """Return the job once it has ended, well or badly; raise `Failed` when patience is over or it is unknown."""
        while True:
            try:
                job = await self._apiframe.job(job_id, on_wait=on_wait)
            except (Transient, KeyRefused) as cause:  # the job goes on, and is paid for, also while our key is no good
                log.error("job_state_unknown", job_id=job_id, cause=str(cause))
            except NotFound:
                raise Failed(Failure(kind=FailureKind.EXPIRED)) from None
            else:
                if not job.status.is_running:
                    return job
                on_progress(job)
            waited = self._now() - submitted_at
            if waited > self._patience:
                raise Failed(Failure(kind=FailureKind.TOOK_TOO_LONG))
            await self._pause(self._poll_seconds * (_BACK_OFF_FACTOR if waited > _BACK_OFF_AFTER else 1.0))
