"""A moderator blocks a member, and orders that weren't sent yet cost nothing."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.picture.failure import FailureKind
from bot.picture.generation import Generation, State
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from tests.bot.limits.counting import OpenLedger, Watch, limits, moderation_of, reserve
from tests.bot.storage.examples import NOON, origin

HERE = origin().server_key
ALICE = origin().user_id


async def test_what_was_not_ordered_is_refunded(open_ledger: OpenLedger, database: Database, watch: Watch) -> None:
    """Waiting pictures of this member in this server end, cost nothing and count for nothing; no other is touched."""
    ledger, store = open_ledger(), GenerationStore(database)
    moderation = moderation_of(database, watch, ledger)
    waiting = [await reserve(ledger) for _ in range(2)]
    await store.advance(waiting[1].id, State.QUEUED)
    others = [await reserve(ledger, origin(user_id=8)), await reserve(ledger, origin(guild_id=43))]
    ordered = [await reserve(ledger) for _ in range(3)]
    await store.keep_order(ordered[0].id, "{}", NOON)
    for generation, state in zip(ordered[1:], (State.SUBMITTED, State.FETCHED), strict=True):
        await store.advance(generation.id, state, submitted_at=NOON)
    assert await moderation.cancel_waiting(HERE, ALICE) == len(waiting)
    for each in waiting:
        ended = await store.get(each.id)
        assert ended.failure is not None
        assert (ended.state, ended.credits, ended.finished_at) == (State.FAILED, 0, NOON)
        assert ended.failure.kind is FailureKind.CANCELLED
    assert all([(await store.get(each.id)).failure is None for each in (*others, *ordered)])
    assert await moderation.cancel_waiting(HERE, ALICE) == 0
    await reserve(open_ledger(member=limits(images_per_day=4)))


async def test_a_picture_is_either_ordered_or_cancelled(
    open_ledger: OpenLedger, database: Database, watch: Watch
) -> None:
    """If its turn comes at the same moment, one of the two happens, and both sides know which."""
    ledger, store = open_ledger(), GenerationStore(database)
    moderation = moderation_of(database, watch, ledger)
    asked = [await reserve(ledger) for _ in range(20)]

    async def turns_of(some: Sequence[Generation]) -> list[Generation]:
        return await asyncio.gather(*(store.keep_order(each.id, "{}", NOON) for each in some))

    early, cancelled, late = await asyncio.gather(
        turns_of(asked[:10]), moderation.cancel_waiting(HERE, ALICE), turns_of(asked[10:])
    )
    for now in (*early, *late):
        assert (await store.get(now.id)).state is now.state
        assert now.state in {State.FAILED, State.SUBMITTING}
    assert [now.state for now in (*early, *late)].count(State.FAILED) == cancelled


async def test_an_order_that_was_not_taken_can_be_cancelled(
    open_ledger: OpenLedger, database: Database, watch: Watch
) -> None:
    """Its turn came, but Apiframe refused it for now; an order of a later run of the same picture stays kept."""
    ledger, store = open_ledger(), GenerationStore(database)
    moderation = moderation_of(database, watch, ledger)
    untaken, resent = [await reserve(ledger) for _ in range(2)]
    later = NOON + timedelta(microseconds=1)
    for each in (untaken, resent):
        await store.keep_order(each.id, "{}", NOON)
    await store.keep_order(resent.id, "{}", later)
    for each in (untaken, resent):
        await store.drop_order(each.id, NOON)
    assert await moderation.cancel_waiting(HERE, ALICE) == 1
    assert (await store.get(untaken.id)).state is State.FAILED
    assert (await store.get(resent.id)).submitted_at == later
    assert (await store.keep_order(untaken.id, "{}", later)).failure is not None
