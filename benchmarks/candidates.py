"""The programs that are measured, each in a process of its own: the bot, and the two that do the least possible."""

import asyncio
import os
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil

from benchmarks.far_ends import NO_LIMIT, FarEnds
from playground.app import free_port

START_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 20.0
LOOK_EVERY_SECONDS = 0.01
HERE = Path(__file__).parent
IMAGINE_BOT = ("-m", "bot")
BYTECODE = Path(tempfile.gettempdir(), "benchmark-bytecode")
NO_RULES = {
    f"LIMITS__{scope}__{rule}": str(NO_LIMIT)
    for scope in ("MEMBER", "SERVER")
    for rule in ("IMAGES_PER_HOUR", "IMAGES_PER_DAY", "CONCURRENT")
}


class DiedError(Exception):
    """A program ended before it was ready; the message has its output."""


@dataclass(frozen=True)
class Candidate:
    """A program that is ready: its processes, how to have it draw, and how long its start took."""

    processes: Sequence[psutil.Process]
    draw: Callable[[int], Awaitable[object]]
    ready_seconds: float

    @property
    def resident_bytes(self) -> int:
        """Return the memory that the processes hold now."""
        return sum(process.memory_info().rss for process in self.processes)

    @property
    def cpu_seconds(self) -> float:
        """Return the processor time that the processes have taken so far, as user and as system."""
        times = [process.cpu_times() for process in self.processes]
        return float(sum(each.user + each.system for each in times))

    def kill(self) -> None:
        """End the processes on the spot: pictures under way would hold up an orderly end."""
        for process in self.processes:
            process.kill()


Running = AbstractAsyncContextManager[Candidate]


@asynccontextmanager
async def the_bot(
    ends: FarEnds,
    folder: Path,
    settings: Mapping[str, object],
    *,
    webhooks: bool = False,
    program: Sequence[str] = IMAGINE_BOT,
) -> AsyncIterator[Candidate]:
    """Run `imagine-bot run` with its data in `folder` until the block ends; it is ready when `/readyz` says so."""
    port = free_port()
    environment = {
        "DATA_DIR": str(folder),
        "HTTP_PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}" if webhooks else "",
        "GENERATION__CONCURRENCY_PER_SERVER": "500",
        "GENERATION__STARTS_PER_MINUTE": str(NO_LIMIT),
        **NO_RULES,
        **{name: str(value) for name, value in settings.items()},
    }
    began_at = time.perf_counter()
    async with _process([*program, "run"], ends, folder, environment) as process, aiohttp.ClientSession() as session:
        await _ready(process, folder, _until_ok(session, f"http://127.0.0.1:{port}/readyz"))
        yield Candidate([psutil.Process(process.pid)], ends.imagine, time.perf_counter() - began_at)


@asynccontextmanager
async def the_roles(
    ends: FarEnds, folder: Path, settings: Mapping[str, object], *, workers: int
) -> AsyncIterator[Candidate]:
    """Run one gateway and some workers, each a process of its own, on the PostgreSQL database of the settings."""
    began_at = time.perf_counter()
    async with AsyncExitStack() as stack:
        roles = ["worker"] * workers + ["gateway"]  # a worker updates the tables, and a gateway can't
        started = [await stack.enter_async_context(the_bot(ends, folder, {**settings, "ROLE": role})) for role in roles]
        processes = [process for each in started for process in each.processes]
        yield Candidate(processes, ends.imagine, time.perf_counter() - began_at)


@asynccontextmanager
async def bare_bot(ends: FarEnds, folder: Path) -> AsyncIterator[Candidate]:
    """Run the discord.py bot that only acknowledges; it is ready when discord.py calls it so."""
    began_at = time.perf_counter()
    async with _process([str(HERE / "floor_bot.py")], ends, folder, {}) as process:
        await _ready(process, folder, _until_line(process))
        yield Candidate([psutil.Process(process.pid)], ends.imagine, time.perf_counter() - began_at)


@asynccontextmanager
async def bare_loop(ends: FarEnds, folder: Path, poll_seconds: float | None) -> AsyncIterator[Candidate]:
    """Run the aiohttp loop that makes the bot's calls for a picture and nothing else; None has it told by webhook."""
    waiting = {"WEBHOOK_PORT": str(free_port())} if poll_seconds is None else {"POLL_SECONDS": str(poll_seconds)}
    environment = {"CHANNEL_ID": str(ends.channels[0].id), **waiting}
    began_at = time.perf_counter()
    async with _process([str(HERE / "floor_loop.py")], ends, folder, environment) as process:
        await _ready(process, folder, _until_line(process))

        async def draw(number: int) -> None:
            assert process.stdin is not None
            process.stdin.write(f"{number}\n".encode())
            await process.stdin.drain()

        yield Candidate([psutil.Process(process.pid)], draw, time.perf_counter() - began_at)


@asynccontextmanager
async def _process(
    arguments: Sequence[str], ends: FarEnds, folder: Path, environment: dict[str, str]
) -> AsyncIterator[Process]:
    """Run Python with the settings that every program needs and without any `.env`; end it as an operator would."""
    access = {
        "PYTHONDONTWRITEBYTECODE": "",  # an installed program has its bytecode; here the first start makes it
        "PYTHONPYCACHEPREFIX": str(BYTECODE),
        "DISCORD_TOKEN": ends.discord.token,
        "DISCORD_API_URL": ends.discord.api_url,
        "APIFRAME_API_KEY": ends.apiframe.api_key,
        "APIFRAME_BASE_URL": ends.apiframe.base_url,
    }
    with _log(folder).open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=log,
            cwd=folder,
            env=os.environ | access | environment,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(STOP_TIMEOUT_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def _ready(process: Process, folder: Path, ready: Awaitable[None]) -> None:
    """Wait until the program is ready; raise `DiedError` if it ends or takes too long."""
    signs = [asyncio.ensure_future(ready), asyncio.create_task(process.wait())]
    await asyncio.wait(signs, timeout=START_TIMEOUT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    is_ready = signs[0].done() and process.returncode is None
    for sign in signs:
        sign.cancel()
    if not is_ready:
        ended = "it isn't ready" if process.returncode is None else f"it ended with {process.returncode}"
        raise DiedError(f"{ended}: {_log(folder).read_text()[-2000:]}")


async def _until_ok(session: aiohttp.ClientSession, url: str) -> None:
    while True:
        with suppress(aiohttp.ClientError):
            async with session.get(url) as answer:
                if answer.ok:
                    return
        await asyncio.sleep(LOOK_EVERY_SECONDS)


async def _until_line(process: Process) -> None:
    assert process.stdout is not None
    await process.stdout.readline()


def _log(folder: Path) -> Path:
    return folder / "log.txt"
