"""`imagine-bot run` in a process of its own, to be killed; forked, because importing costs more than all the rest."""

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from bot.cli import main
from bot.gateway.client import COGS
from bot.generation.crash_points import arm


def start(folder: Path, environment: Mapping[str, str], crash_at: Sequence[str]) -> ForkServerProcess:
    """Start the bot in `folder`, where it appends to `bot.log`; it dies by SIGKILL at each point of `crash_at`."""
    nursery: ForkServerContext = get_context("forkserver")
    nursery.set_forkserver_preload([__name__, *COGS])
    process = nursery.Process(target=_live, args=(folder, dict(environment), tuple(crash_at)))
    process.start()
    return process


def _live(folder: Path, environment: Mapping[str, str], crash_at: Sequence[str]) -> None:
    os.chdir(folder)
    with Path("bot.log").open("ab", buffering=0) as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    os.environ.update(environment)
    for point in crash_at:
        arm(point)
    main(["run"])
