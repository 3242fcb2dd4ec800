"""Whoever asked to be forgotten, as the weeks go by."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.generation.delivery import DeliveryUnavailable
from bot.generation.durable import DurableQueue
from bot.generation.forgetting import Forgetting
from bot.picture.failure import Failure, FailureKind
from bot.picture.farewell import BOOKS_KEPT
from bot.picture.generation import Generation, State
from bot.picture.origin import NOBODY
from bot.settings import GenerationSettings
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.erasure import ErasureStore
from bot.storage.generations import GenerationStore
from bot.storage.images import open_image_store
from bot.storage.ledger import LedgerStore
from tests.bot.limits.counting import Watch
from tests.bot.storage.examples import EXECUTOR, NOON, bare, written

ALICE = 7


class Channel:
    """Hands that reach messages, unless Discord is down."""

    def __init__(self) -> None:
        self.is_down = False
        self.taken: list[int | None] = []

    async def take_away(self, generation: Generation) -> None:
        if self.is_down:
            raise DeliveryUnavailable
        self.taken.append(generation.message_id)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def forgetting(database: Database, database_url: str, tmp_path: Path, watch: Watch, channel: Channel) -> Forgetting:
    queue = DurableQueue(durable_url(parse_database_url(database_url)), EXECUTOR, GenerationSettings())
    forgetting = Forgetting(ErasureStore(database), open_image_store("", tmp_path), queue, now=watch)
    forgetting.take_away_through(channel)
    return forgetting


async def erased_picture(database: Database) -> Generation:
    """Have Alice ask to be forgotten who had one picture, and return what is left of it."""
    erasures, store = ErasureStore(database), GenerationStore(database)
    known = {"finished_at": NOON, "credits": 10, "message_id": 99, "card_id": 99}
    picture = await written(LedgerStore(database), bare(State.DELIVERED).model_copy(update=known))
    await erasures.begin(ALICE, NOON, Failure(kind=FailureKind.CANCELLED).model_dump(mode="json"))
    await erasures.erase([picture.id], NOON)
    return await store.get(picture.id)


async def test_the_name_goes_from_the_books_after_thirty_days(
    database: Database, forgetting: Forgetting, watch: Watch
) -> None:
    """Not a day earlier, since limits count by it; then the wish itself is forgotten."""
    picture = await erased_picture(database)
    store, erasures = GenerationStore(database), ErasureStore(database)
    for wound, user_id in ((timedelta(), ALICE), (BOOKS_KEPT, ALICE), (BOOKS_KEPT + timedelta(seconds=1), NOBODY)):
        watch.time = NOON + wound
        await forgetting.go_on()
        assert (await store.get(picture.id)).origin.user_id == user_id
    assert await erasures.open() == []


async def test_messages_are_taken_away_once_and_never_given_up(
    database: Database, forgetting: Forgetting, channel: Channel, watch: Watch
) -> None:
    """While Discord is down they wait, even beyond the thirty days."""
    await erased_picture(database)
    channel.is_down = True
    watch.time = NOON + 2 * BOOKS_KEPT
    await forgetting.go_on()
    assert len(await ErasureStore(database).open()) == 1
    channel.is_down = False
    for _ in range(2):
        await forgetting.go_on()
    assert channel.taken == [99]
    assert await ErasureStore(database).open() == []
