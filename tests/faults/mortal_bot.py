"""`imagine-bot run` in a process of its own, to be killed."""

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.cli import main
from bot.generation.crash_points import arm
from tests.processes import fork


def start(folder: Path, environment: Mapping[str, str], crash_at: Sequence[str]) -> ForkServerProcess:
    """Start the bot in `folder`, where it appends to `bot.log`; it dies by SIGKILL at each point of `crash_at`."""
    return fork(_live, folder, dict(environment), tuple(crash_at))


def _live(folder: Path, environment: Mapping[str, str], crash_at: Sequence[str]) -> None:
    os.chdir(folder)
    with Path("bot.log").open("ab", buffering=0) as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    os.environ.update(environment)
    for point in crash_at:
        arm(point)
    main(["run"])
