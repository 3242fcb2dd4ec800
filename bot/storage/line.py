"""Threads whose work waits in line, where members who wait for an answer go first."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class Line:
    """Runs work on some threads in the order in which it came, urgent work before all other."""

    def __init__(self, threads: int, name: str) -> None:
        self._threads = ThreadPoolExecutor(threads, name)
        self._lock = Lock()
        self._urgent: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._usual: deque[tuple[Future[Any], Callable[[], Any]]] = deque()

    async def run(self, work: Callable[[], T], *, urgent: bool = False) -> T:
        """Return what `work` returns when its turn has come."""
        future: Future[T] = Future()
        with self._lock:
            (self._urgent if urgent else self._usual).append((future, work))
        self._threads.submit(self._run_next)  # as often as there is work, so whichever is next is run
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Finish all work; blocks."""
        self._threads.shutdown()

    def _run_next(self) -> None:
        with self._lock:
            future, work = (self._urgent or self._usual).popleft()
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work())
        except BaseException as cause:  # noqa: BLE001  (raised again where the result is waited for)
            future.set_exception(cause)
