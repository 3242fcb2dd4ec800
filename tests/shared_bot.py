"""One bot for all tests that are marked `shared_bot`: each gets a server, a channel and a member of its own on it.

Starting and stopping a bot costs more than many a test. Here it goes on from test to test, and is started again only
for other settings, or after a test that failed or left something behind that the next one would notice.
"""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.gateway.client import ImagineBot
from playground.app import running_bot, settings_for
from standins.apiframe.jobs import Pace
from standins.exchange import Exchange
from tests.far_ends import FarEnds, open_far_ends
from tests.held import Held
from tests.stage import GENERATION, Stage

_IDLE_WITHIN_SECONDS: Final = 3.0  # of the test's end; the next test then has a new bot
_QUIET_SECONDS: Final = 0.05  # without an exchange
_GLANCE_SECONDS: Final = 0.01
_OURS: Final = ("generations", "rulebooks", "audit_log", "refusals")
_OF_DBOS: Final = ("operation_outputs", "workflow_input", "workflow_output", "workflow_status")
_LEFT_BEHIND: Final = {
    "imagine.db": (
        "SELECT count(*) FROM generations WHERE state NOT IN ('delivered', 'failed')",
        "SELECT count(*) FROM alerts",  # which the bot knows without looking
        "SELECT count(*) FROM erasures",
    ),
    "imagine-workflows.db": ("SELECT count(*) FROM workflow_status WHERE status IN ('PENDING', 'ENQUEUED')",),
}
_Setting = bool | int | float | str | Pace | None


@dataclass
class SharedStage(Stage):
    """A stage whose bot was there before, and stays."""

    shared: "SharedBot" = field(kw_only=True)
    is_started: bool = field(default=False, kw_only=True)

    @asynccontextmanager
    async def running(self, **settings: object) -> AsyncIterator[ImagineBot]:
        """Yield the shared bot, started again if it has other settings; at the end it has nothing left to do."""
        assert not self.is_started, "A test that stops and starts the bot has one of its own: mark it `own_bot`."
        self.is_started = True
        yield await self.shared.started({"generation": GENERATION, **self.settings, **settings})
        await self.shared.come_to_rest()


class _Ends:
    """The stand-ins that one test after the other uses, and what they were set to at first."""

    def __init__(self, held: Held[FarEnds], ends: FarEnds) -> None:
        self.held, self.ends = held, ends
        self._last_exchange = time.monotonic()
        self._observed = (ends.discord.observers, ends.apiframe.observers)
        for observers in self._observed:
            observers.append(self._note)
        self._observers = [len(observers) for observers in self._observed]
        discord, apiframe = ends.discord, ends.apiframe
        self._set = [apiframe, apiframe.account, discord, discord.world, discord.gateway, discord.limits]
        self._settings = [_settings_of(each) for each in self._set]
        self._habits, self._limits = copy(apiframe.webhooks), dict(discord.limits._limits)
        self._developer = discord.world.developer

    def _note(self, _: Exchange) -> None:
        self._last_exchange = time.monotonic()

    @property
    def is_quiet(self) -> bool:
        return time.monotonic() - self._last_exchange >= _QUIET_SECONDS

    @property
    def are_as_before(self) -> bool:
        """Return False if a bot may have noticed a change that cannot be undone without telling it."""
        ends = self.ends
        return (
            ends.discord.world.clock.now() - time.time() < 1
            and ends.apiframe.webhooks == self._habits
            and ends.apiframe.wire_format == "documented"
            and ends.discord.limits._limits == self._limits
            and ends.discord.world.developer is self._developer
            and ends.discord.world.team is None
            and not ends.violations
        )

    def tidy(self) -> None:
        """Forget what a test armed, set and asked for."""
        discord, apiframe = self.ends.discord, self.ends.apiframe
        for guild in list(discord.world.guilds.values()):
            if guild.has_bot:
                guild.throw_out_bot()
            del discord.world.guilds[guild.id]
        discord.world.interactions.clear()
        discord.faults.clear()
        discord.limits._buckets.clear()
        discord.limits._invalid.clear()
        apiframe.faults.disarm()
        apiframe.jobs.clear()
        apiframe.book.in_progress.clear()
        apiframe.book._latest_of_key.clear()
        apiframe.uploads.clear()
        for observers, count in zip(self._observed, self._observers, strict=True):
            del observers[count:]
        for thing, settings in zip(self._set, self._settings, strict=True):
            for name, value in settings.items():
                if getattr(thing, name) != value:
                    setattr(thing, name, value)


def _settings_of(thing: object) -> Mapping[str, _Setting]:
    return {name: value for name, value in vars(thing).items() if isinstance(value, _Setting)}


class SharedBot:
    """Lends the stand-ins and the bot to one test after the other; `new_folder` makes an empty database."""

    def __init__(self, new_folder: Callable[[], Path]) -> None:
        self._new_folder = new_folder
        self._folder: Path | None = None
        self._ends: _Ends | None = None
        self._bot: Held[ImagineBot] | None = None
        self._settings: Mapping[str, object] = {}
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
            held = Held(open_far_ends())
            self._ends = _Ends(held, await held.value())
        stage = self._ends.ends.stage(self.folder)
        self._sessions = set(stage.discord.gateway.sessions)
        return SharedStage(**vars(stage), shared=self)

    async def started(self, settings: Mapping[str, object]) -> ImagineBot:
        """Return the bot with these settings."""
        assert self._ends is not None
        if self._bot is None or self._settings != settings:
            await self._stop()
            discord, apiframe = self._ends.ends.discord, self._ends.ends.apiframe
            self._bot, self._settings = (
                Held(running_bot(settings_for(discord, apiframe, self.folder, **settings))),
                settings,
            )
            bot = await self._bot.value()
            self._sessions = set(discord.gateway.sessions)
            return bot
        return await self._bot.value()

    async def take_back(self, *, unharmed: bool) -> None:
        """Make everything ready for the next test, or close it where that cannot be."""
        assert self._ends is not None
        violations = list(self._ends.ends.violations)
        if unharmed and self._ends.are_as_before and self._has_ended() and self._is_connected():
            self._ends.tidy()
            await asyncio.to_thread(self._empty)
        else:
            await self.close()
        assert violations == []

    async def come_to_rest(self) -> None:
        """Wait a little until the bot has nothing left to do for the test, and stop it where it has."""
        assert self._ends is not None
        until = time.monotonic() + _IDLE_WITHIN_SECONDS
        while time.monotonic() < until:
            if self._ends.is_quiet and self._has_ended():
                return
            await asyncio.sleep(_GLANCE_SECONDS)
        await self._stop()

    def _has_ended(self) -> bool:
        assert self._ends is not None
        if not all(job.finished for job in self._ends.ends.apiframe.jobs.values()):
            return False
        return not any(self._ask(file, question) for file, questions in _LEFT_BEHIND.items() for question in questions)

    def _is_connected(self) -> bool:
        """Return True if the bot is on the connection on which it was."""
        assert self._ends is not None
        gateway = self._ends.ends.discord.gateway
        connected = {session.id for session in gateway.connected}
        return self._bot is not None and set(gateway.sessions) == connected == self._sessions

    def _ask(self, file: str, question: str) -> int:
        with closing(sqlite3.connect(self.folder / file)) as database:
            return int(database.execute(question).fetchone()[0])

    def _empty(self) -> None:
        """Delete every row and image of the last test's."""
        for file, tables in {"imagine.db": _OURS, "imagine-workflows.db": _OF_DBOS}.items():
            with closing(sqlite3.connect(self.folder / file, timeout=30)) as database, database:
                for table in tables:
                    database.execute(f"DELETE FROM {table}")  # noqa: S608  (our own list)
        for image in (self.folder / "images").rglob("*.*"):
            image.unlink(missing_ok=True)

    async def _stop(self) -> None:
        bot, self._bot = self._bot, None
        if bot is not None:
            await bot.close()

    async def close(self) -> None:
        """Stop the bot, and have the next test begin with everything new."""
        await self._stop()
        ends, self._ends = self._ends, None
        folder, self._folder = self._folder, None
        if ends is not None:
            ends.ends.violations.clear()  # they were told, or belong to a test that failed anyway
            await ends.held.close()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
