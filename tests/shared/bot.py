"""One bot for all tests that are marked `shared_bot`: each gets a server, a channel and a member of its own on it.

Starting and stopping a bot costs more than many a test. Here it goes on from test to test, and is started again only
for other settings, or after a test that failed or left something behind that the next one would notice.
"""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.runner import BotRunner
from playground.app import running_bot, settings_for
from tests.far_ends import FarEnds, open_far_ends
from tests.shared.as_opened import AsOpened
from tests.shared.held import Held
from tests.shared.leftovers import empty, has_ended
from tests.stage import GENERATION, Stage

_IDLE_WITHIN_SECONDS: Final = 3.0  # of the test's end; the next test then has a new bot
_GLANCE_SECONDS: Final = 0.01


@dataclass
class SharedStage(Stage):
    """A stage whose bot was there before, and stays."""

    shared: "SharedBot" = field(kw_only=True)
    is_started: bool = field(default=False, kw_only=True)

    @asynccontextmanager
    async def running(self, **settings: object) -> AsyncIterator[BotRunner]:
        """Yield the shared bot, started again if it has other settings; at the end it has nothing left to do."""
        assert not self.is_started, "A test that stops and starts the bot has one of its own: mark it `own_bot`."
        self.is_started = True
        yield await self.shared.started({"generation": GENERATION, **self.settings, **settings})
        await self.shared.come_to_rest()


class SharedBot:
    """Lends the stand-ins and the bot to one test after the other; `new_folder` makes an empty database."""

    def __init__(self, new_folder: Callable[[], Path]) -> None:
        self._new_folder = new_folder
        self._folder: Path | None = None
        self._ends: Held[FarEnds] | None = None
        self._bot: Held[BotRunner] | None = None
        self._settings: Mapping[str, object] = {}
        self._as_opened: AsOpened  # once the stand-ins are
        self._lent: SharedStage  # once a test has begun
        self._sessions: set[str] = set()

    @property
    def folder(self) -> Path:
        """The folder with the database of the next test, or of the one that runs."""
        if self._folder is None:
            self._folder = self._new_folder()
        return self._folder

    async def lend(self) -> SharedStage:
        """Return a stage for a test."""
        if self._ends is None:
            self._ends = Held(open_far_ends())
            ends = await self._ends.value()
            self._as_opened = AsOpened(ends.discord, ends.apiframe)
        stage = (await self._ends.value()).stage(self.folder)
        self._lent = SharedStage(**vars(stage), shared=self)
        return self._lent

    async def started(self, settings: Mapping[str, object]) -> BotRunner:
        """Return the bot with these settings."""
        if self._bot is None or self._settings != settings:
            await self._stop()
            leading = settings_for(self._lent.discord, self._lent.apiframe, self.folder, **settings)
            self._bot, self._settings = Held(running_bot(leading)), settings
        try:
            bot = await self._bot.value()
        except BaseException:
            self._bot = None  # the next test would get the same exception
            raise
        self._sessions = self._connected()
        return bot

    async def come_to_rest(self) -> None:
        """Wait a little until the bot has nothing left to do for the test, and stop it where it has."""
        until = time.monotonic() + _IDLE_WITHIN_SECONDS
        while time.monotonic() < until:
            if self._as_opened.is_quiet and has_ended(self._lent.apiframe, self.folder):
                return
            await asyncio.sleep(_GLANCE_SECONDS)
        await self._stop()

    async def take_back(self, *, unharmed: bool) -> None:
        """Make everything ready for the next test, or close it where that cannot be."""
        kept_contracts = self._ends is not None and not (await self._ends.value()).violations
        if unharmed and kept_contracts and self._can_go_on():
            self._as_opened.restore()
            await asyncio.to_thread(empty, self.folder)
        else:
            await self.close()

    def _can_go_on(self) -> bool:
        """Return True if the bot has the same connection, and keeps nothing in memory about the test."""
        is_connected = self._bot is not None and self._connected() == self._sessions
        return is_connected and self._as_opened.can_be_restored and has_ended(self._lent.apiframe, self.folder)

    def _connected(self) -> set[str]:
        return {session.id for session in self._lent.discord.gateway.connected}

    async def _stop(self) -> None:
        bot, self._bot = self._bot, None
        if bot is not None:
            await bot.close()

    async def close(self) -> None:
        """Stop the bot, and have the next test begin with everything new; raise what broke a contract."""
        await self._stop()
        ends, self._ends = self._ends, None
        folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        if ends is not None:
            await ends.close()
