"""The bot with its memory traced: on SIGUSR1 it writes a snapshot into the working folder."""

import gc
import signal
import tracemalloc
from pathlib import Path

FRAMES = 6


def write_snapshot(*_: object) -> None:
    """Write what is in use, under its final name only once it is complete."""
    gc.collect()
    file = Path("memory.part")
    tracemalloc.take_snapshot().dump(str(file))
    file.rename("memory.snapshot")


if __name__ == "__main__":
    tracemalloc.start(FRAMES)
    signal.signal(signal.SIGUSR1, write_snapshot)
    from bot.cli import main  # after tracing has begun

    main()
