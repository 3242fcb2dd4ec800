"""The member whose picture is paid for while the machine is short of something: the work on it waits."""

import asyncio
import errno
import os
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from bot.errors import StorageUnavailable
from bot.generation.durable_queue import DurableQueue
from bot.generation.picture_queue import QueuedPicture
from bot.settings import GenerationSettings
from bot.storage.engine import durable_url, parse_database_url
from tests.bot.storage.examples import EXECUTOR, NOON
from tests.promises import StorageFault

RUSH = GenerationSettings(queue_poll_seconds=0.02, concurrency=100, concurrency_per_server=100, starts_per_minute=600)
PASSING = (
    *("ENOSPC", "EDQUOT", "EFBIG", "EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "EBUSY", "ENOLCK", "EIO", "EROFS", "ESTALE"),
    *("ENOBUFS", "ENETDOWN", "ENETUNREACH", "ENETRESET", "EHOSTDOWN", "EHOSTUNREACH", "ECONNABORTED", "ECONNREFUSED"),
    *("ECONNRESET", "EPIPE", "ENOTCONN", "ETIMEDOUT"),
)
MISTAKEN = ("ENOENT", "EEXIST", "EISDIR", "ENOTDIR", "EBADF", "EINVAL", "ENAMETOOLONG", "EACCES", "EPERM")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def tries_of(database_url: str, names: tuple[str, ...]) -> tuple[Counter[str], Counter[str]]:
    """Make a step's first attempt fail with each error; return how often each was tried, and which ended the work."""
    queue = DurableQueue(durable_url(parse_database_url(database_url)), EXECUTOR, RUSH)
    kinds, tries, ended, failed = {uuid4(): name for name in names}, Counter[str](), Counter[str](), Counter[str]()

    async def work(generation_id: UUID) -> None:
        name = kinds[generation_id]

        async def fetch() -> None:
            tries[name] += 1
            if tries[name] == 1:
                number = getattr(errno, name)
                raise OSError(number, os.strerror(number))

        try:
            await queue.step("fetch", fetch)
        except OSError:
            failed[name] += 1
        ended[name] += 1

    async with queue.serving(work):
        await queue.enqueue([QueuedPicture(each, "42", NOON) for each in kinds])
        async with asyncio.timeout(30):
            while len(ended) < len(kinds):  # noqa: ASYNC110  (the queue tells nobody)
                await asyncio.sleep(0.02)
    return tries, failed


@pytest.mark.promise(StorageFault.MACHINE_FAILS)
async def test_a_step_waits_for_what_passes(database_url: str) -> None:
    """A disk that is full or fails, a network that is down, and too many open files end no picture."""
    tries, failed = await tries_of(database_url, PASSING)
    assert failed == {}
    assert tries == dict.fromkeys(PASSING, 2)


@pytest.mark.promise(StorageFault.MACHINE_FAILS)
async def test_a_step_does_not_wait_for_what_does_not_pass(database_url: str) -> None:
    """A file that is not there will not come by waiting: the picture ends, and the operator finds a traceback."""
    tries, failed = await tries_of(database_url, MISTAKEN)
    assert failed == tries == dict.fromkeys(MISTAKEN, 1)


async def test_the_end_of_a_picture_starts_the_next_one_without_a_poll(database_url: str) -> None:
    """A picture that waits for a place doesn't wait for the next poll as well, also after one was cancelled."""
    settings = GenerationSettings(queue_poll_seconds=60, concurrency=1, concurrency_per_server=1, starts_per_minute=600)
    queue = DurableQueue(durable_url(parse_database_url(database_url)), EXECUTOR, settings)
    begun, may_end = list[UUID](), asyncio.Event()
    pictures = [QueuedPicture(uuid4(), "42", NOON + timedelta(seconds=number)) for number in range(4)]

    async def work(generation_id: UUID) -> None:
        begun.append(generation_id)
        await may_end.wait()

    async with queue.serving(work), asyncio.timeout(20):
        await queue.enqueue(pictures)
        while not begun:  # noqa: ASYNC110  (the queue tells nobody)
            await asyncio.sleep(0.02)
        await queue.enqueue(pictures[1:2])
        assert await queue.remove(pictures[1].id)
        may_end.set()
        while len(begun) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert begun == [pictures[0].id, pictures[2].id, pictures[3].id]


async def test_calls_that_are_under_way_are_finished_before_the_queue_stops(database_url: str) -> None:
    """Members who cancel at that moment get no error message, whichever part of a call was next."""
    queue = DurableQueue(durable_url(parse_database_url(database_url)), EXECUTOR, RUSH)
    pictures = [QueuedPicture(uuid4(), "42", NOON) for _ in range(20)]
    may_end = asyncio.Event()

    async def work(_: UUID) -> None:
        await may_end.wait()

    async with queue.serving(work):
        await queue.enqueue(pictures)
        calls = [asyncio.create_task(queue.remove(each.id)) for each in pictures]
        await asyncio.sleep(0)
        may_end.set()
    assert await asyncio.gather(*calls) == [True] * len(pictures)


async def test_a_queue_that_has_stopped_is_an_outage_that_was_foreseen(database_url: str) -> None:
    """Later calls wait for the next process."""
    queue = DurableQueue(durable_url(parse_database_url(database_url)), EXECUTOR, RUSH)

    async def work(_: UUID) -> None:
        raise AssertionError

    async with queue.serving(work):
        pass
    picture = uuid4()
    for call in (queue.remove(picture), queue.is_removed(picture), queue.missing([picture]), queue.forget([picture])):
        with pytest.raises(StorageUnavailable):
            await call
    await queue.enqueue([QueuedPicture(picture, "42", NOON)])
