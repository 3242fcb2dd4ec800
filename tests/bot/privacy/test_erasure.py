"""A member deletes their data, over several weeks."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.defaults.defaults import Defaults
from bot.generation.discord_port import DeliveryUnavailable, MessageOutOfReach
from bot.generation.durable_queue import DurableQueue
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation, State
from bot.picture.origin import NOBODY
from bot.picture.repost import Repost
from bot.privacy.erasure import AT_ONCE, Erasure
from bot.privacy.results import LEDGER_KEPT_FOR
from bot.settings import GenerationSettings
from bot.storage.defaults import DefaultsStore
from bot.storage.engine import Database, durable_url, parse_database_url
from bot.storage.erasure import ErasureStore
from bot.storage.generations import GenerationStore
from bot.storage.images import open_image_store
from bot.storage.ledger import LedgerStore
from bot.storage.reposts import RepostStore
from bot.storage.styles import StyleStore
from bot.styles.names import StyleNames
from tests.bot.limits.counting import Watch
from tests.bot.storage.examples import EXECUTOR, NOON, bare, written
from tests.promises import DeletionFault

ALICE = 7


class Channel:
    """A port that reaches messages, except for those that Discord fails on or doesn't let it delete."""

    def __init__(self) -> None:
        self.stumbles_at: set[int | None] = set()
        self.is_closed = False
        self.taken: list[int | None] = []

    async def delete_messages(self, generation: Generation, reposts: Sequence[Repost]) -> None:
        if self.is_closed:
            raise MessageOutOfReach
        if generation.message_id in self.stumbles_at:
            raise DeliveryUnavailable
        self.taken += [generation.message_id, *(each.message_id for each in reposts)]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def erasure(database: Database, database_url: str, tmp_path: Path, watch: Watch, channel: Channel) -> Erasure:
    queue = DurableQueue(durable_url(parse_database_url(database_url)), EXECUTOR, GenerationSettings())
    images, defaults = open_image_store("", tmp_path), Defaults(DefaultsStore(database))
    names = StyleNames(StyleStore(database))
    return Erasure(ErasureStore(database), images, queue, channel, names, defaults, now=watch)


async def erased_pictures(database: Database, *message_ids: int) -> list[Generation]:
    """Make Alice, who has some pictures, delete her data, and return the rest."""
    erasures, store = ErasureStore(database), GenerationStore(database)
    pictures = []
    for message_id in message_ids:
        known = {"finished_at": NOON, "credits": 10, "message_id": message_id, "card_id": message_id}
        pictures.append(await written(LedgerStore(database), bare(State.DELIVERED).model_copy(update=known)))
    await erasures.begin(ALICE, NOON, Failure(kind=FailureKind.CANCELLED).model_dump(mode="json"))
    await erasures.erase([picture.id for picture in pictures], NOON)
    return [await store.get(picture.id) for picture in pictures]


async def test_the_messages_that_show_a_picture_again_are_deleted_too(
    database: Database, erasure: Erasure, channel: Channel
) -> None:
    """Afterwards, the database no longer knows them."""
    [picture] = await erased_pictures(database, 1)
    reposts = RepostStore(database)
    assert await reposts.begin(Repost(request_id=7, channel_id=2), picture.id)
    await reposts.note(7, 8)
    assert not await reposts.begin(Repost(request_id=7, channel_id=2), picture.id)
    await erasure.go_on()
    assert channel.taken == [1, 8]
    assert await reposts.of(picture.id) == []


@pytest.mark.promise(DeletionFault.LEDGER_KEPT)
async def test_the_name_goes_from_the_books_after_thirty_days(
    database: Database, erasure: Erasure, watch: Watch
) -> None:
    """Not a day earlier, since limits count by it; then the wish itself is forgotten."""
    [picture] = await erased_pictures(database, 99)
    store, erasures = GenerationStore(database), ErasureStore(database)
    for wound, user_id in (
        (timedelta(), ALICE),
        (LEDGER_KEPT_FOR, ALICE),
        (LEDGER_KEPT_FOR + timedelta(seconds=1), NOBODY),
    ):
        watch.time = NOON + wound
        await erasure.go_on()
        assert (await store.get(picture.id)).origin.user_id == user_id
    assert await erasures.open() == []


@pytest.mark.promise(DeletionFault.DELETIONS_REJECTED)
async def test_messages_are_taken_away_once_and_never_given_up(
    database: Database, erasure: Erasure, channel: Channel, watch: Watch
) -> None:
    """While Discord is down they wait, even beyond the thirty days."""
    await erased_pictures(database, 99)
    channel.stumbles_at = {99}
    watch.time = NOON + 2 * LEDGER_KEPT_FOR
    await erasure.go_on()
    assert len(await ErasureStore(database).open()) == 1
    channel.stumbles_at.clear()
    for _ in range(2):
        await erasure.go_on()
    assert channel.taken == [99]
    assert await ErasureStore(database).open() == []


@pytest.mark.promise(DeletionFault.DELETIONS_FAIL)
async def test_messages_at_which_discord_stumbles_keep_no_other(
    database: Database, erasure: Erasure, channel: Channel
) -> None:
    """However many they are and wherever they come, the rest is taken away; they themselves are tried again."""
    message_ids = range(1, 2 * AT_ONCE)
    await erased_pictures(database, *message_ids)
    channel.stumbles_at = set(range(1, AT_ONCE + 2))
    await erasure.go_on()
    assert sorted(channel.taken, key=str) == sorted(set(message_ids) - channel.stumbles_at, key=str)
    channel.stumbles_at.clear()
    await erasure.go_on()
    assert len(channel.taken) == len(message_ids)


@pytest.mark.promise(DeletionFault.CHANNEL_HIDDEN)
async def test_a_closed_channel_is_tried_for_thirty_days(
    database: Database, erasure: Erasure, channel: Channel, watch: Watch
) -> None:
    """If the channel is opened in the meantime, the message is deleted; after 30 days, the bot gives up."""
    first, second = await erased_pictures(database, 1, 2)
    store, channel.is_closed = GenerationStore(database), True
    await erasure.go_on()
    assert (await store.get(first.id)).message_id == 1
    channel.is_closed, channel.stumbles_at = False, {2}
    await erasure.go_on()
    assert channel.taken == [1]
    channel.is_closed, watch.time = True, NOON + LEDGER_KEPT_FOR + timedelta(seconds=1)
    await erasure.go_on()
    assert (await store.get(second.id)).origin.user_id == NOBODY
    assert await ErasureStore(database).open() == []
