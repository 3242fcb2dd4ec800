"""All that the stand-in knows and that a test or a front-end may look at and set."""

from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import TypeVar

from standins.apiframe.account import Account
from standins.apiframe.faults import Faults
from standins.apiframe.jobs import Job, JobBook, Pace
from standins.apiframe.uploads import Upload
from standins.apiframe.validation import Spelling
from standins.apiframe.webhooks import WebhookHabits
from standins.changes import Changes
from standins.clock import Clock
from standins.exchange import Observer

T = TypeVar("T")


class World:
    """Apiframe as one caller sees it: an account, jobs, uploads, and the settings of its behaviour."""

    def __init__(self, clock: Clock, api_key: str, credits_available: int) -> None:
        self.clock = clock
        self.account = Account(clock, api_key, credits_available)
        self.book = JobBook()
        self.uploads: dict[str, Upload] = {}
        self.faults = Faults()
        self.webhooks = WebhookHabits()
        self.pace = Pace()
        self.smooth_pictures = True
        self.wire_format: Spelling = "documented"
        self.observers: list[Observer] = []
        self.changes = Changes()
        self.base_url = ""
        self.files_of_request: ContextVar[dict[str, str]] = ContextVar("files_of_request")

    @property
    def api_key(self) -> str:
        """The key that callers must send."""
        return self.account.api_key

    @property
    def jobs(self) -> dict[str, Job]:
        """All jobs by id, in the order in which they were accepted."""
        return self.book.jobs

    @property
    def credits(self) -> int:
        """The credits that are left; set those of `account`."""
        return self.account.credits

    @property
    def charged(self) -> int:
        """All credits that were charged, minus refunds."""
        return self.account.charged

    def until(self, predicate: Callable[[], T], timeout: float = 60) -> Coroutine[None, None, T]:
        """Return the first true answer of `predicate`, asked at every change; TimeoutError after `timeout` seconds."""
        return self.changes.until(predicate, timeout)
