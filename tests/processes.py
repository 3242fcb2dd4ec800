"""`imagine-bot` in processes of its own, forked from one that has imported it, since importing costs most."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from bot.cli import main
from bot.services import COGS

_KEPT = ("PATH", "HOME")


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int | None
    out: str
    err: str


def forkserver() -> ForkServerContext:
    """Return where to fork; all share one server, which imports what the first of them names."""
    context: ForkServerContext = get_context("forkserver")
    context.set_forkserver_preload([__name__, COGS, "bot.app"])
    return context


def fork(work: Callable[..., None], *arguments: object) -> ForkServerProcess:
    """Start a process that does `work`."""
    process = forkserver().Process(target=work, args=arguments)
    process.start()
    return process


async def run_to_its_end(arguments: Sequence[str], settings: Mapping[str, str], folder: Path | None = None) -> Ended:
    """Run `imagine-bot` as an operator would, with these settings and no others, in a folder or in this one."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | dict(settings)
    out, their_out = forkserver().Pipe(duplex=False)
    err, their_err = forkserver().Pipe(duplex=False)
    process = fork(_run, folder or Path.cwd(), tuple(arguments), environment, their_out, their_err)
    their_out.close()
    their_err.close()
    printed, complained = await asyncio.gather(asyncio.to_thread(_read_all, out), asyncio.to_thread(_read_all, err))
    await asyncio.to_thread(process.join)
    return Ended(process.exitcode, printed, complained)


def _run(
    folder: Path, arguments: tuple[str, ...], environment: Mapping[str, str], out: Connection, err: Connection
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for theirs, ours in ((out, sys.stdout), (err, sys.stderr)):
        os.dup2(theirs.fileno(), ours.fileno())
        theirs.close()
    sys.argv = ["imagine-bot", *arguments]
    main(arguments)


def _read_all(pipe: Connection) -> str:
    with closing(pipe), open(pipe.fileno(), "rb", closefd=False) as stream:
        return stream.read().decode()
