"""The thread that starts enqueued pictures: DBOS's own, woken instead of left to poll."""

import threading
import time
from typing import Final

from dbos import DBOS
from dbos._queue import queue_worker_thread

_AT_MOST_EVERY_SECONDS: Final = 0.2  # between two looks at the queue, which find all that was enqueued by then
_STOP_SECONDS: Final = 10.0
_INTERNAL_QUEUE_SECONDS: Final = 60.0


def rest_internal_queue(dbos: DBOS) -> None:
    """Make DBOS look once a minute, and not each second, at its own queue, which is for features that we don't use."""
    internal = dbos._registry.get_internal_queue()  # noqa: SLF001  (no setting has it)
    internal._polling_interval_sec = _INTERNAL_QUEUE_SECONDS  # noqa: SLF001


class QueueWorker:
    """Looks at a queue at DBOS's interval, because other processes enqueue too, and at once after `wake`."""

    def __init__(self, dbos: DBOS, name: str, interval_seconds: float) -> None:
        """Return a worker of a queue that DBOS has and doesn't listen to."""
        queue = DBOS.retrieve_queue(name)
        self._alarm = _Alarm(min(interval_seconds, _AT_MOST_EVERY_SECONDS))
        arguments = (self._alarm, dbos, queue)
        self._thread = threading.Thread(target=queue_worker_thread, args=arguments, name=f"queue {name}", daemon=True)

    def start(self) -> None:
        """Begin to start enqueued pictures."""
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue soon, since there may be something to start; may be called from any thread."""
        self._alarm.woken.set()

    def stop(self) -> None:
        """Start nothing more; blocks until that is so."""
        self._alarm.stopped.set()
        self._alarm.woken.set()
        self._thread.join(_STOP_SECONDS)


class _Alarm:
    """Stands in for the event that stops DBOS's thread: waiting for it ends early when somebody calls `wake`."""

    def __init__(self, pause_seconds: float) -> None:
        self.woken = threading.Event()
        self.stopped = threading.Event()
        self._pause_seconds = pause_seconds
        self._waited_until = -pause_seconds

    def is_set(self) -> bool:
        """Return True if the thread should end."""
        return self.stopped.is_set()

    def wait(self, timeout: float) -> bool:
        """Return when it's time to look at the queue, but not sooner than a pause after the last time."""
        self.woken.wait(timeout)
        self.stopped.wait(self._waited_until + self._pause_seconds - time.monotonic())
        self.woken.clear()
        self._waited_until = time.monotonic()
        return self.is_set()
