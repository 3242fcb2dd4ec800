"""DBOS, kept in one place: a queue of workflows that outlive the process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

import structlog
from dbos import DBOS
from sqlalchemy import URL
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.errors import StorageUnavailable, foreseen_outage
from bot.generation.enqueued_workflows import EnqueuedWorkflows
from bot.generation.picture_queue import QueuedPicture
from bot.generation.queue_database import APPLICATION_NAME, QUEUE, configuration, prepare
from bot.generation.queue_worker import QueueWorker, rest_internal_queue
from bot.generation.start_times import pull_back_starts
from bot.settings import GenerationSettings
from bot.storage.database_failures import database_outages
from bot.waiting import is_set_within

log = structlog.get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

_FILLED: Final = "queue filled by "  # and the name of the process
_WORKFLOW_NAME: Final = "make_picture"
_STOP_SECONDS = 5.0
_STORAGE_PAUSE_SECONDS = 2.0
_RECORDED_SECONDS = 0.1
# A database that is locked, gone or without room: all of it passes, and work under way waits for that.
STORAGE_FAILURES: Final = (OperationalError, InterfaceError, StorageUnavailable)
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_DELETED_AT_ONCE = 500
_STOPS: Final = "this process stops"  # and leaves the queue to the next one
_WAITING_REMEMBERED: Final = 10_000

Measure = Callable[[str], AbstractContextManager[object]]
"""Opens around each entry of a step, whose name it is given."""


class DurableQueue:
    """Runs one workflow, `work`, for each id that is enqueued: at least once, and to its end, across restarts."""

    def __init__(
        self,
        url: URL,
        executor_id: str,
        settings: GenerationSettings,
        measure: Measure = nullcontext,
        may_work: asyncio.Event | None = None,
        direct_url: URL | None = None,
    ) -> None:
        """`measure` opens around each step; while `may_work` is not set, none is begun, nor anything tried again.

        `direct_url` leads past a pooler, for migrations.
        """
        self._url = url
        self._direct_url = direct_url
        self.executor_id = self.owner = executor_id
        self._notice = f"{_FILLED}{executor_id}"
        self._settings = settings
        self._measure = measure
        self.last_started_at = datetime.now(UTC)  # when the queue last started a workflow, or began to be served
        self._running: set[asyncio.Task[object]] = set()
        # Enqueued here and not started here, so that the end of another picture is a reason to look at the queue. What
        # other processes start, or the queue refuses, stays in it until it is full.
        self._waiting: dict[UUID, None] = {}
        self._worker: QueueWorker | None = None
        self._stopping = asyncio.Event()
        self._may_work = may_work or _always()

    async def enqueue(self, pictures: Sequence[QueuedPicture]) -> None:
        """Hand pictures to the queue, all or none, in the partitions of their servers; a second time changes nothing.

        It waits for a database that is not available. Once this process stops, they are left to the next one, which
        takes up what the queue never got.
        """
        self._remember(pictures)  # not later, because it may start before this goes on
        while not self._stopping.is_set():
            try:
                with database_outages():
                    await asyncio.to_thread(self._workflows.add, pictures)
            except STORAGE_FAILURES as cause:
                log.error("enqueue_delayed", pictures=len(pictures), cause=_in_short(cause))
            else:
                return self.wake()
            await is_set_within(self._stopping, _STORAGE_PAUSE_SECONDS)
        return None

    def _remember(self, pictures: Sequence[QueuedPicture]) -> None:
        self._waiting |= dict.fromkeys(each.id for each in pictures)
        while len(self._waiting) > _WAITING_REMEMBERED:
            del self._waiting[next(iter(self._waiting))]

    def wake(self) -> None:
        """Start enqueued pictures soon, instead of at the next poll."""
        if self._worker is not None:
            self._worker.wake()

    def hear(self, word: str) -> None:
        """Look at the queue soon if a message says that another process has enqueued something."""
        if word.startswith(_FILLED) and word != self._notice:
            self.wake()

    async def step(self, name: str, work: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one step of a workflow, again and again while the storage fails.

        DBOS doesn't record it: `work` stores its own effect, and after a restart the workflow begins again.
        """
        await self._until_work_is_allowed()
        while True:
            try:
                with self._measure(name):
                    return await work(*args, **kwargs)
            except (*STORAGE_FAILURES, OSError) as cause:
                if isinstance(cause, OSError) and foreseen_outage(cause) is None:
                    raise
                self._leave_if_stopping()
                log.error("storage_failed", step=name, cause=_in_short(cause))
            await self.pause(_STORAGE_PAUSE_SECONDS)

    async def pause(self, seconds: float, until: asyncio.Event | None = None) -> None:
        """Sleep inside a step, at most until an event, and leave the step for the next process if this one stops."""
        await self._sleep(seconds, until)
        await self._until_work_is_allowed()

    async def _until_work_is_allowed(self) -> None:
        """Wait while another process may be doing the same; leave if this one stops."""
        while not self._may_work.is_set():
            await self._sleep(_STORAGE_PAUSE_SECONDS, self._may_work)
        self._leave_if_stopping()

    async def _sleep(self, seconds: float, until: asyncio.Event | None = None) -> None:
        """Sleep, at most until an event, and leave if this process stops."""
        events = [self._stopping] if until is None else [self._stopping, until]
        waits = [asyncio.ensure_future(event.wait()) for event in events]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        self._leave_if_stopping()

    async def missing(self, generation_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those of some ids that were never enqueued."""
        if not generation_ids:
            return frozenset()
        ids = [str(each) for each in generation_ids]
        known = await self._ask(DBOS.list_workflows_async, workflow_ids=ids, load_input=False, load_output=False)
        return frozenset(generation_ids) - {UUID(each.workflow_id) for each in known}

    async def take_over(self, executor_id: str) -> int:
        """Put what another process had under way back into the queue, and return how much that is; it has to be dead.

        Each workflow is requeued in one statement, and only while it still belongs to that process: the process that
        starts it then owns it, and later writes of the other one are rejected.
        """
        recover = DBOS._recover_pending_workflows  # noqa: SLF001  (it has no other name)
        return len(await self._ask(asyncio.to_thread, recover, [executor_id]))

    async def follow_clock(self) -> None:
        """Keep starts going, at their rate, when the database's clock was set back."""
        with database_outages():
            seconds = await asyncio.to_thread(pull_back_starts, self._url, QUEUE)
        if seconds:
            log.warning("clock_set_back", seconds=round(seconds))
        self.last_started_at = min(self.last_started_at, datetime.now(UTC))

    async def forget(self, generation_ids: Iterable[UUID]) -> None:
        """Delete the workflows of some pictures, if they have ended."""
        await self._ask(_delete_ended, workflow_ids=[str(each) for each in generation_ids])

    async def remove(self, generation_id: UUID) -> bool:
        """Take a picture out of the queue; return False if its workflow has ended. One that runs ends as it would."""
        removed = await self._ask(_cancel, generation_id)
        self._waiting.pop(generation_id, None)
        return removed

    async def is_removed(self, generation_id: UUID) -> bool:
        """Return True if a picture was taken out of the queue by `remove`, in whichever process."""
        return await self._ask(_is_cancelled, generation_id)

    async def sweep(self, ended_before: datetime) -> int:
        """Delete workflows that had ended by a moment, and return how many those were."""
        moment, swept = ended_before.isoformat(), 0
        while count := await self._ask(_delete_ended, completed_before=moment, limit=_DELETED_AT_ONCE):
            swept += count
        return swept

    async def _ask(self, call: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a call to DBOS returns; raise `StorageUnavailable` during an outage, and once this process stops.

        A call goes on if its caller is cancelled, since DBOS is not shut down before it has returned.
        """
        if self._stopping.is_set():
            raise StorageUnavailable(_STOPS)
        with database_outages():
            return await asyncio.shield(self._track(asyncio.create_task(call(*args, **kwargs))))

    def _track(self, task: asyncio.Task[T]) -> asyncio.Task[T]:
        """Make the end of this process wait a moment for a task."""
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    @asynccontextmanager
    async def serving(self, work: Callable[[UUID], Awaitable[None]]) -> AsyncIterator[None]:
        """Recover unfinished workflows and serve the queue; leave those that then run for the next start."""
        await asyncio.to_thread(prepare, self._url, self._direct_url, self._settings)
        dbos = DBOS(config=configuration(self._url, self.executor_id))
        DBOS.listen_queues([])  # but to its internal ones: `QueueWorker` listens to ours
        rest_internal_queue(dbos)
        DBOS.workflow(name=_WORKFLOW_NAME, max_recovery_attempts=None)(self._tracked(work))
        self._workflows = EnqueuedWorkflows(self._url, APPLICATION_NAME, _WORKFLOW_NAME, QUEUE, self._notice)
        with database_outages():
            DBOS.launch()
            worker = await asyncio.to_thread(QueueWorker, dbos, QUEUE, self._settings.queue_poll_seconds)
        self.last_started_at = datetime.now(UTC)
        self._worker = worker
        worker.start()
        try:
            yield
        finally:
            self._stopping.set()
            self._worker = None
            await asyncio.to_thread(worker.stop)
            await self._leave()
            await _destroy()
            self._workflows.close()

    def _tracked(self, work: Callable[[UUID], Awaitable[None]]) -> Callable[[str], Coroutine[Any, Any, None]]:
        async def make_picture(generation_id: str) -> None:
            self._leave_if_stopping()
            self.last_started_at = datetime.now(UTC)
            self._waiting.pop(UUID(generation_id), None)
            if task := asyncio.current_task():
                self._track(task)
            await work(UUID(generation_id))
            if self._waiting:  # by then, DBOS has recorded the end, and another one may have its place
                asyncio.get_running_loop().call_later(_RECORDED_SECONDS, self.wake)

        return make_picture

    def _leave_if_stopping(self) -> None:
        if self._stopping.is_set():
            # DBOS records no outcome of a cancelled task, so the workflow stays pending and is recovered.
            raise asyncio.CancelledError

    async def _leave(self) -> None:
        """Wait a moment for running steps and calls to DBOS, then cancel them: each may run twice."""
        if self._running:
            _, slow = await asyncio.wait(self._running, timeout=_STOP_SECONDS)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)


def _always() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


async def _cancel(generation_id: UUID) -> bool:
    await DBOS.cancel_workflow_async(str(generation_id))
    return await _is_cancelled(generation_id)


async def _is_cancelled(generation_id: UUID) -> bool:
    status = await DBOS.get_workflow_status_async(str(generation_id))
    return status is not None and status.status == "CANCELLED"


async def _delete_ended(**which: Any) -> int:  # noqa: ANN401  (as DBOS names its filters)
    ended = await DBOS.list_workflows_async(status=_ENDED, load_input=False, load_output=False, **which)
    if ended:
        await DBOS.delete_workflows_async([each.workflow_id for each in ended])
    return len(ended)


def _in_short(cause: BaseException) -> str:
    if isinstance(cause, StorageUnavailable):
        return cause.reason
    return f"{type(cause).__name__}: {str(cause).splitlines()[0]}"


async def _destroy() -> None:
    """Shut DBOS down, and give the loop back the threads that DBOS had replaced by its own."""
    threads = ThreadPoolExecutor()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(threads)
    await loop.run_in_executor(threads, lambda: DBOS.destroy(destroy_registry=True))
    loop.set_default_executor(threads)  # once more: each call of DBOS's that was still under way took it over again
