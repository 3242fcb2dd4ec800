"""One playground for all tests of its page: each finds a town that nobody has been in.

Opening one starts a process for it and one for its bot, which costs more than most tests. Here both stand-ins are in a
thread of this process, and they and the bot go on from test to test, as far as the last one left nothing behind.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, Final, TypeVar

from playground.app import FarEnds, open_far_ends
from playground.bot_process import BotProcess
from playground.demo_server import found_town
from playground.web.page import Backstage, open_page
from playground.web.pulse import Pulse
from standins.apiframe.jobs import Pace
from tests.shared.as_opened import AsOpened
from tests.shared.held import Held
from tests.shared.leftovers import empty, has_ended

T = TypeVar("T")

_CONNECTS_SECONDS: Final = 60.0
_IDLE_WITHIN_SECONDS: Final = 3.0
_GLANCE_SECONDS: Final = 0.02
_PACE: Final = Pace(queued=0.0, drawing=1.0)


class SharedPlayground:
    """Opens a page for one test after the other."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._life: Held[_Life] | None = None

    @contextmanager
    def opened(self) -> Iterator["Page"]:
        """Open a page in a new town; its faults end with the block."""
        page = self._run(self._open())
        try:
            yield page
        finally:
            self._run(self._leave(page))

    def close(self) -> None:
        """End the bot and the stand-ins."""
        self._run(self._close())

    async def _open(self) -> "Page":
        if self._life is None:
            self._life = Held(_open_life())
        life = await self._life.value()
        await life.connected()
        opened = Held(life.page())
        return Page(await opened.value(), opened)

    async def _leave(self, page: "Page") -> None:
        await page.opened.close()
        assert self._life is not None
        life = await self._life.value()
        if page.is_unharmed and await life.can_go_on():
            await asyncio.to_thread(empty, life.folder)
        else:
            await self._close()

    async def _close(self) -> None:
        life, self._life = self._life, None
        if life is not None:
            await life.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


class Page:
    """A page that is open, at an address; a test that failed clears `is_unharmed`."""

    def __init__(self, address: str, opened: Held[str]) -> None:
        self.address, self.opened = address, opened
        self.is_unharmed = True


class _Life:
    """Both stand-ins and one process of the bot."""

    def __init__(self, ends: FarEnds, bot: BotProcess) -> None:
        self._ends, self._bot = ends, bot
        self._as_opened = AsOpened(ends.discord, ends.apiframe)
        self._sessions: set[str] = set()

    @property
    def folder(self) -> Path:
        return self._ends.folder

    def _connected(self) -> set[str]:
        return {session.id for session in self._ends.discord.gateway.connected}

    async def connected(self) -> None:
        """Wait for the bot, which is not there yet when the first test begins."""
        await self._ends.discord.world.until(self._connected, _CONNECTS_SECONDS)
        self._sessions = self._connected()

    @asynccontextmanager
    async def page(self) -> AsyncIterator[str]:
        """Serve a page in a town of its own."""
        ends = self._ends
        town = found_town(ends.discord)
        async with open_page(Backstage(ends.discord, ends.apiframe, town, self._bot, Pulse()), 0) as address:
            yield address

    async def can_go_on(self) -> bool:
        """Undo what a test did, and return True if the bot notices nothing of it."""
        until = time.monotonic() + _IDLE_WITHIN_SECONDS
        while not (self._as_opened.is_quiet and has_ended(self._ends.apiframe, self.folder)):
            if time.monotonic() > until:
                return False
            await asyncio.sleep(_GLANCE_SECONDS)
        is_same = self._bot.is_alive and self._connected() == self._sessions
        self._as_opened.restore()
        return is_same


@asynccontextmanager
async def _open_life() -> AsyncIterator[_Life]:
    async with open_far_ends() as ends:
        ends.apiframe.pace = _PACE
        bot = BotProcess(ends.environment(), ends.folder, ends.discord.world.news.ring)
        life = _Life(ends, bot)
        await bot.start()
        try:
            yield life
        finally:
            await bot.stop()


@contextmanager
def open_shared_playground() -> Iterator[SharedPlayground]:
    """Run the shared playground in a thread, since Playwright has the event loop of this one."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="playground", daemon=True)
    thread.start()
    shared = SharedPlayground(loop)
    try:
        yield shared
    finally:
        shared.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
