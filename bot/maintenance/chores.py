"""Tasks that are repeated, each with its own pause."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

from bot.errors import record_unexpected


class Chore(NamedTuple):
    """A task with the pause between two turns of it."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[None]]


@asynccontextmanager
async def repeated(*chores: Chore) -> AsyncIterator[None]:
    """Run each task again and again until the end of the block."""
    tasks = [asyncio.create_task(_repeat(chore), name=chore.name) for chore in chores]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _repeat(chore: Chore) -> None:
    """Run a task again and again, with a pause in between; an error doesn't end it."""
    while True:
        try:
            await chore.run()
        except Exception as unexpected:  # noqa: BLE001  (its next turn comes)
            record_unexpected(unexpected, "upkeep")
        await asyncio.sleep(chore.seconds)
