"""The operator of several processes, who is told once all the same."""

import asyncio

from bot.storage.engine import Database
from bot.storage.troubles import TroubleStore


async def test_of_many_processes_one_begins_and_one_ends(database: Database) -> None:
    """Whoever comes second learns that it is known, or forgotten, already."""
    processes = [TroubleStore(database) for _ in range(5)]
    assert sum(await asyncio.gather(*(each.begin("key_refused") for each in processes))) == 1
    assert await processes[0].present() == {"key_refused"}
    assert sum(await asyncio.gather(*(each.end("key_refused") for each in processes))) == 1
    assert await processes[0].present() == set()
    assert await processes[0].begin("key_refused")
