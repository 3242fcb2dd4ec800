"""Deleting a member's latest pictures, in either database."""

import asyncio
from datetime import timedelta

from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation, State
from bot.picture.picture_counts import PictureCounts
from bot.storage.engine import Database
from bot.storage.erasure import ErasureStore
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from bot.storage.picture_removal import MemberPictures, PictureRemovalStore
from tests.bot.storage.examples import NOON, bare, origin, written

HOUR = timedelta(hours=1)
CANCELLED = Failure(kind=FailureKind.CANCELLED).model_dump(mode="json")
OF = MemberPictures(origin().server_key, 7, NOON - HOUR, NOON)


async def begin(store: PictureRemovalStore) -> PictureCounts | None:
    begun = await store.begin(OF, CANCELLED, 1, "/delete-pictures", {"path": ["pictures", "7"]})
    return None if begun is None else begun[0]


async def made(books: LedgerStore, store: GenerationStore, ago: timedelta, **changes: int) -> Generation:
    """Return a delivered picture."""
    whose = origin(user_id=changes.get("user_id", 7), guild_id=changes.get("guild_id", 42))
    picture = await written(books, bare(created_at=NOON - ago).model_copy(update={"origin": whose}))
    return await store.advance(picture.id, State.DELIVERED, credits=7, finished_at=NOON)


async def test_two_requests_at_once_are_one(database: Database, books: LedgerStore, store: GenerationStore) -> None:
    """The second finds nothing; older pictures, other members' and other servers' are not touched."""
    removal, erasures = PictureRemovalStore(database), ErasureStore(database)
    recent = await made(books, store, HOUR)
    for each in ({"user_id": 8}, {"guild_id": 43}):
        await made(books, store, HOUR, **each)
    await made(books, store, HOUR + timedelta(seconds=1))
    waiting = await written(books, bare(created_at=NOON))
    assert await removal.counts(OF) == PictureCounts([(11, 2)], 1)
    begun = await asyncio.gather(begin(removal), begin(removal))
    assert [each for each in begun if each is not None] == [PictureCounts([(11, 2)], 1)]
    assert (await removal.counts(OF)).total == 0
    [erasure] = await erasures.open()
    assert set((await erasures.traces(erasure, limit=9)).ids) == {recent.id, waiting.id}
    assert ((await store.get(waiting.id)).state, (await store.get(waiting.id)).credits) == (State.FAILED, 0)


async def test_the_pictures_keep_their_member(database: Database, books: LedgerStore, store: GenerationStore) -> None:
    """They still count for limits, and the request is gone once all is deleted."""
    recent = await made(books, store, HOUR)
    await begin(PictureRemovalStore(database))
    erasures = ErasureStore(database)
    [erasure] = await erasures.open()
    await erasures.finish(erasure)
    assert await erasures.open() == [erasure]
    await erasures.erase([recent.id], NOON)
    await erasures.finish(erasure)
    left = await store.get(recent.id)
    assert (await erasures.open(), left.origin.user_id, left.credits) == ([], 7, 7)
