"""The machine on which the bot's processes live, die and start again."""

import asyncio
import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.picture.generation import State
from playground.app import environment_for
from standins.apiframe.jobs import Pace
from standins.discord.model.messages import Message
from tests.faults import mortal_bot
from tests.faults.ledgers import Books, first_true
from tests.stage import TIMEOUT_SECONDS, Stage

SLOW = Pace(queued=0, drawing=60)  # done when a test winds the clock


class BotProcess:
    """One life of the bot, from its start to its exit code."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    async def ended(self, within: float = TIMEOUT_SECONDS) -> int | None:
        """Return the exit code, negative for a signal; None if it still runs after this many seconds."""
        await asyncio.to_thread(self._process.join, within)
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    @contextmanager
    def without_room(self, beyond_bytes: int) -> Iterator[None]:
        """Limit the files of this process to this many bytes while the block runs, as on a full disk."""
        pid, unlimited = self._process.pid or 0, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (beyond_bytes, resource.RLIM_INFINITY))
        try:
            yield
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)

    async def stops(self, within: float = 8) -> int | None:
        """Send SIGTERM, as every supervisor does, and return the exit code."""
        self._process.terminate()
        return await self.ended(within)


@dataclass
class Machine:
    """Starts the bot on a stage, with everything that it keeps in one database and one folder."""

    stage: Stage
    database_url: str
    books: Books
    lives: list[BotProcess] = field(default_factory=list)

    async def starts(self, *, crash_at: Sequence[str] = (), **settings: str) -> BotProcess:
        """Start a process and return once Discord can reach it; it may be doomed to die at some points."""
        gateway = self.stage.discord.gateway
        before = set(gateway.sessions)
        bot = self.launches(crash_at=crash_at, **settings)
        await self.until(lambda: not bot.alive or set(gateway.sessions) - before)
        assert bot.alive or crash_at, self.log
        return bot

    def launches(self, *, crash_at: Sequence[str] = (), **settings: str) -> BotProcess:
        """Start a process and leave it to itself."""
        bot = BotProcess(mortal_bot.start(self.folder, self._environment(settings), crash_at))
        self.lives.append(bot)
        return bot

    async def one_picture_for_one_price(self, within: float = TIMEOUT_SECONDS) -> Message:
        """Wait for the end, and compare the channel, Apiframe's charges and the ledger."""
        [generation] = await self.books.closed(within)
        [job] = self.stage.jobs()
        [picture] = self.stage.pictures()
        assert self.stage.channel.messages_for(self.stage.alice) == [picture]
        assert self.stage.apiframe.charged == job.cost
        assert (generation.state, generation.credits) == (State.DELIVERED, job.cost)
        assert (generation.job_id, generation.message_id) == (job.id, picture.id)
        return picture

    async def until(self, true: Callable[[], object], within: float = TIMEOUT_SECONDS) -> None:
        """Return once `true()` is, by polling, for changes that the stand-ins don't announce."""

        async def ask() -> object:
            return true()

        await first_true(ask, within)

    async def close(self) -> None:
        """Leave no process behind."""
        for bot in self.lives:
            bot.kill()
            await bot.ended()

    @property
    def folder(self) -> Path:
        return self.stage.folder

    @property
    def log(self) -> str:
        """The output of all processes, for readers of a failed test."""
        file = self.folder / "bot.log"
        return file.read_text() if file.exists() else ""

    def _environment(self, settings: dict[str, str]) -> dict[str, str]:
        leading_here = environment_for(
            self.stage.discord,
            self.stage.apiframe,
            self.folder,
            database_url=self.database_url,
            tmpdir=self.folder,  # a killed process cleans nothing up
            generation={"poll_seconds": 0.05},
            **self.stage.settings,
        )
        return leading_here | settings
