"""A queue that several processes serve: each of them starts pictures that another one enqueued."""

import asyncio
from uuid import UUID, uuid4

import pytest

from bot.generation.durable_queue import DurableQueue
from bot.generation.enqueued_workflows import EnqueuedWorkflows
from bot.generation.picture_queue import QueuedPicture
from bot.settings import GenerationSettings
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.pubsub import PubSub
from tests.bot.storage.examples import EXECUTOR, NOON

SOON_SECONDS = 20.0
THEIRS = "queue filled by worker-2"

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def queue_of(database_url: str, poll_seconds: float) -> DurableQueue:
    settings = GenerationSettings(queue_poll_seconds=poll_seconds)
    return DurableQueue(durable_url(parse_database_url(database_url)), EXECUTOR, settings)


async def enqueued_elsewhere(database_url: str) -> UUID:
    """Enqueue a picture as another process does, which has a connection of its own."""
    url = durable_url(parse_database_url(database_url))
    theirs, picture = EnqueuedWorkflows(url, "imagine-bot", "make_picture", "pictures", THEIRS), uuid4()
    await asyncio.to_thread(theirs.add, [QueuedPicture(picture, "42", NOON)])
    await asyncio.to_thread(theirs.close)
    return picture


async def test_a_picture_of_another_process_is_started_without_waiting_for_the_next_look(
    database: Database, database_url: str
) -> None:
    """PostgreSQL notifies this process, which would look at the queue in an hour only."""
    queue, pubsub = queue_of(database_url, poll_seconds=3600), PubSub(database)
    started = asyncio.Queue[UUID]()
    async with queue.serving(started.put), pubsub.heard_by(queue.hear):
        while not pubsub.is_heard:  # noqa: ASYNC110  (it tells nobody)
            await asyncio.sleep(0.02)
        picture = await enqueued_elsewhere(database_url)
        assert await asyncio.wait_for(started.get(), SOON_SECONDS) == picture


async def test_a_picture_whose_notification_is_lost_is_started_at_the_next_look(database_url: str) -> None:
    """Behind a pooler, or while the connection is broken, nothing is notified."""
    queue, started = queue_of(database_url, poll_seconds=0.5), asyncio.Queue[UUID]()
    async with queue.serving(started.put):
        picture = await enqueued_elsewhere(database_url)
        assert await asyncio.wait_for(started.get(), SOON_SECONDS) == picture
