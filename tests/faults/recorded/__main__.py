"""Record the databases of a killed bot again, see the package."""

import asyncio
import tempfile
from pathlib import Path

from tests.far_ends import open_stage
from tests.faults.ledgers import open_books
from tests.faults.machine import Machine
from tests.faults.recorded import POINTS, record


async def live_and_die(folder: Path, point: str) -> None:
    """Make Alice request a picture from a process that dies at `point`."""
    url = f"sqlite:///{folder / 'imagine.db'}"
    async with open_stage(folder) as stage, open_books(url) as books:
        bot = await Machine(stage, url, books).starts(crash_at=[point])
        await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
        await bot.ended()


if __name__ == "__main__":
    for each in POINTS:
        with tempfile.TemporaryDirectory() as here:
            asyncio.run(live_and_die(Path(here), each))
            record(Path(here), each)
