"""`python -m tests.faults.soak`: pictures through faults and SIGKILLs; exit code 1 if one is lost or doubled."""

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
from pathlib import Path

from tests.faults.soak.plan import draw_plan
from tests.faults.soak.run import NeverCalmError, database, play
from tests.s3 import running_s3


def main() -> int:
    """Play the plan of the arguments, print the report, and return the exit code."""
    arguments = _arguments()
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # a stand-in whose caller was killed says so
    plan = draw_plan(arguments.pictures, arguments.seed)
    folder = Path(tempfile.mkdtemp(prefix="imagine-soak-"))
    say(
        f"seed {plan.seed}, {arguments.database}: {len(plan.askings)} wishes in {plan.seconds:.0f} s, "
        f"{len(plan.troubles)} troubles, {len(plan.lives)} ends of processes, "
        f"{len(plan.outages)} outages of the image store; log: {folder / 'bot.log'}"
    )
    with database(arguments.database, folder) as url, running_s3() as s3:
        try:
            outcome = asyncio.run(play(plan, url, folder, s3))
        except NeverCalmError as hang:
            say(f"HANGS: {hang}")
            return 1
    for line in outcome.lines():
        say(line)
    if outcome.findings:
        return 1
    shutil.rmtree(folder)
    return 0


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.soak", description=__doc__)
    parser.add_argument("--pictures", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
