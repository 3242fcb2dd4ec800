"""The real bot as a process of its own, so that it can be killed as processes are."""

import asyncio
import ctypes
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

import bot

_STOPS_WITHIN_SECONDS = 20.0
_REMEMBERED_LINES = 200
_LONGEST_LINE_BYTES = 1024 * 1024  # a traceback is one line of JSON
_DIES_WITH_ITS_PARENT = 1  # PR_SET_PDEATHSIG in linux/prctl.h
# What a process needs of the shell that started the playground; a bot of the visitor's own may be set up there as well.
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "SSL_CERT_FILE", "VIRTUAL_ENV")


class BotProcess:
    """One life of `imagine-bot run` after another, with the same settings and the same folder."""

    def __init__(self, settings: Mapping[str, str], folder: Path, on_change: Callable[[], None]) -> None:
        self._settings = settings
        self._folder = folder
        self._on_change = on_change
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self.log: deque[str] = deque(maxlen=_REMEMBERED_LINES)

    @property
    def is_alive(self) -> bool:
        """Return True if the process is running."""
        return self._process is not None and self._process.returncode is None

    @property
    def exit_code(self) -> int | None:
        """Return how the last process ended, below 0 if it was killed; None while it runs, and before the first."""
        return None if self._process is None else self._process.returncode

    async def start(self) -> None:
        """Start a process, unless there is one; what it writes goes to `log`."""
        async with self._starting:
            if self.is_alive:
                return
            self._process = process = await self._begin()
            self._reading = asyncio.create_task(self._read(process), name="bot log")
        self._on_change()

    async def _begin(self) -> Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=self._folder,
            env=self._environment(),
            stdout=PIPE,
            stderr=STDOUT,
            limit=_LONGEST_LINE_BYTES,
            preexec_fn=_die_with_the_playground if sys.platform == "linux" else None,
        )

    async def kill(self) -> None:
        """End the process on the spot with SIGKILL: it can tidy up nothing."""
        if self._process is not None and self.is_alive:
            self._process.kill()
            await self._end()

    async def stop(self) -> None:
        """Ask the process to end with SIGTERM, as every supervisor does; kill it if it does not."""
        if self._process is None or not self.is_alive:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), _STOPS_WITHIN_SECONDS)
        except TimeoutError:
            self._process.kill()
        await self._end()

    async def _end(self) -> None:
        if self._reading is not None:
            await self._reading

    async def _read(self, process: Process) -> None:
        """Keep the lines that a process writes until it has ended."""
        assert process.stdout is not None  # noqa: S101  (it was started with a pipe)
        async for line in process.stdout:
            self.log.append(line.decode(errors="replace").rstrip())
            self._on_change()
        await process.wait()
        self.log.append(f"-- the process has ended: {_ending(process.returncode)}")
        self._on_change()

    def _environment(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        home = Path(bot.__file__).parents[1]
        return {**inherited, "PYTHONPATH": str(home), "TMPDIR": str(self._folder), **self._settings}


def _die_with_the_playground() -> None:
    """Make Linux end this process when its parent is gone, even after a SIGKILL, which the parent can't catch."""
    ctypes.CDLL(None).prctl(_DIES_WITH_ITS_PARENT, signal.SIGKILL)


def _ending(code: int | None) -> str:
    return "killed" if code is not None and code < 0 else f"exit code {code}"
