"""DBOS, kept in one place: a queue of workflows that outlive the process."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

from dbos import DBOS, DBOSClient, DBOSConfig, SetEnqueueOptions, SetWorkflowID
from sqlalchemy import URL

from bot.errors import StartupError
from bot.settings import GenerationSettings

P = ParamSpec("P")
T = TypeVar("T")

QUEUE: Final = "pictures"
# Changes only when workflows of an older version could not be carried on by newer code: DBOS recovers none but its own.
APPLICATION_VERSION: Final = "1"
_APPLICATION_NAME: Final = "imagine-bot"
_THREADS = 32  # for DBOS's database calls, and, since it takes the loop's default executor over, for our files
_STOP_SECONDS = 5.0


class DurableQueue:
    """Runs one workflow, `work`, for each id that is enqueued: at least once, and to its end, across restarts."""

    def __init__(self, url: URL, executor_id: str, settings: GenerationSettings) -> None:
        self._url = url
        self._executor_id = executor_id
        self._settings = settings
        self._running: set[asyncio.Task[object]] = set()
        self._stopping = asyncio.Event()

    async def enqueue(self, generation_id: UUID, partition: str) -> None:
        """Hand an id to the queue, in its server's partition; a second time changes nothing."""
        with SetWorkflowID(str(generation_id)), SetEnqueueOptions(queue_partition_key=partition):
            await DBOS.enqueue_workflow_async(QUEUE, self._workflow, str(generation_id))

    async def step(self, name: str, work: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one step of a workflow; what it returns or raises is written down and given again after a restart."""

        async def recorded() -> T:
            return await work(*args, **kwargs)

        self._leave_if_stopping()
        return await DBOS.run_step_async({"name": name}, recorded)

    async def pause(self, seconds: float) -> None:
        """Sleep inside a step, and leave the step for the next process if this one stops meanwhile."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
        self._leave_if_stopping()

    @asynccontextmanager
    async def serving(self, work: Callable[[UUID], Awaitable[None]]) -> AsyncIterator[None]:
        """Recover what was running and serve the queue; leave what then runs for the next start."""
        await asyncio.to_thread(self.prepare)
        DBOS(config=self._config())
        self._workflow = DBOS.workflow(name="make_picture", max_recovery_attempts=None)(self._tracked(work))
        DBOS.launch()
        try:
            yield
        finally:
            self._stopping.set()
            await self._leave()
            await _destroy()

    def _tracked(self, work: Callable[[UUID], Awaitable[None]]) -> Callable[[str], Coroutine[Any, Any, None]]:
        async def make_picture(generation_id: str) -> None:
            self._leave_if_stopping()
            if task := asyncio.current_task():
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            await work(UUID(generation_id))

        return make_picture

    def _leave_if_stopping(self) -> None:
        if self._stopping.is_set():
            # DBOS records no outcome of a cancelled task, so the workflow stays pending and is recovered.
            raise asyncio.CancelledError

    async def _leave(self) -> None:
        """Let steps that have begun finish for a moment, then cut them off: each may be entered twice."""
        if self._running:
            _, slow = await asyncio.wait(self._running, timeout=_STOP_SECONDS)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)

    def prepare(self) -> None:
        """Create or update DBOS's tables and our queue in them; blocks. Raise `StartupError` for too old an SQLite."""
        if self._url.get_backend_name() == "sqlite":
            _check_sqlite()
            with sqlite3.connect(str(self._url.database)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")  # stays with the file
            connection.close()
        DBOS.migrate(self._url_text)
        client = DBOSClient(system_database_url=self._url_text, application_name=_APPLICATION_NAME)
        try:
            client.register_queue(
                QUEUE,
                global_concurrency=self._settings.concurrency,
                partition_concurrency=min(self._settings.concurrency_per_server, self._settings.concurrency),
                limiter={"limit": self._settings.starts_per_minute, "period": 60.0},
                polling_interval_sec=self._settings.queue_poll_seconds,
            )
        finally:
            client.destroy()

    def _config(self) -> DBOSConfig:
        return DBOSConfig(
            name=_APPLICATION_NAME,
            system_database_url=self._url_text,
            application_version=APPLICATION_VERSION,
            executor_id=self._executor_id,
            enable_otlp=False,
            max_executor_threads=_THREADS,
            log_level="WARNING",
        )

    @property
    def _url_text(self) -> str:
        return self._url.render_as_string(hide_password=False)


def _check_sqlite() -> None:
    """Raise `StartupError` where DBOS would fail at its first row: with Python 3.12, it began to ask for 3.42."""
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        raise StartupError(
            f"This Python comes with SQLite {sqlite3.sqlite_version}, and from Python 3.12 on it takes 3.42 or newer: "
            "use another Python, or set DATABASE_URL to a PostgreSQL database."
        )


async def _destroy() -> None:
    """Shut DBOS down, and give the loop back the threads that DBOS had replaced by its own."""
    threads = ThreadPoolExecutor()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(threads)
    await loop.run_in_executor(threads, lambda: DBOS.destroy(destroy_registry=True))
