"""Requests of one moment are handed over together, and none answers for another."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.errors import StorageUnavailable
from bot.generation.batches import Batches

SECONDS = 0.01


class Queue:
    """Takes batches, but none with a broken item, nor any while it is silent."""

    def __init__(self) -> None:
        self.taken: list[list[str]] = []
        self.tried: list[list[str]] = []
        self.is_silent = False

    async def take(self, items: Sequence[str]) -> None:
        self.tried.append(list(items))
        if self.is_silent:
            raise StorageUnavailable("it is silent")
        if "broken" in items:
            raise LookupError("broken")
        self.taken.append(list(items))


async def test_what_comes_in_within_a_moment_is_one_batch() -> None:
    """A later item comes into the next one."""
    queue = Queue()
    batches = Batches(queue.take, SECONDS)
    await asyncio.gather(*(batches.add(each) for each in "abc"))
    await batches.add("d")
    assert queue.taken == [["a", "b", "c"], ["d"]]


async def test_a_broken_item_costs_no_other_its_place() -> None:
    """It alone raises the reason; the others are handed over."""
    queue = Queue()
    batches = Batches(queue.take, SECONDS)
    outcomes = await asyncio.gather(*(batches.add(each) for each in ("a", "broken", "b")), return_exceptions=True)
    assert [type(each) for each in outcomes] == [type(None), LookupError, type(None)]
    assert queue.taken == [["a"], ["b"]]


async def test_a_silent_database_is_asked_once_for_all() -> None:
    """In an outage, trying each item on its own would only wait as often as there are items."""
    queue = Queue()
    queue.is_silent = True
    batches = Batches(queue.take, SECONDS)
    outcomes = await asyncio.gather(*(batches.add(each) for each in "ab"), return_exceptions=True)
    assert [type(each) for each in outcomes] == [StorageUnavailable, StorageUnavailable]
    assert queue.tried == [["a", "b"]]


async def test_a_stop_hands_over_what_was_collected() -> None:
    """An item that came in just before is not left behind."""
    queue = Queue()
    batches = Batches(queue.take, SECONDS)
    waiting = asyncio.create_task(batches.add("a"))
    await asyncio.sleep(0)
    await batches.flush()
    assert queue.taken == [["a"]]
    await waiting


async def test_a_request_that_is_cancelled_leaves_the_others_alone() -> None:
    """Its item is handed over too, since its member has been answered."""
    queue = Queue()
    batches = Batches(queue.take, SECONDS)
    waiting = asyncio.create_task(batches.add("a"))
    await asyncio.sleep(0)
    other = asyncio.create_task(batches.add("b"))
    await asyncio.sleep(0)
    waiting.cancel()
    await other
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert queue.taken == [["a", "b"]]
