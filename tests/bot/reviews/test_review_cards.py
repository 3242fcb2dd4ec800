"""The cards of reviews, of which several processes take the steps."""

from datetime import timedelta

from bot.picture.generation import State
from bot.storage.engine import Database
from bot.storage.erasure import ErasureStore
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from bot.storage.reviews import ReviewStore
from tests.bot.reviews.examples import NOW, TERMS, Channel, cards_of, in_review
from tests.bot.storage.examples import EXECUTOR, bare, written


async def test_a_card_that_cannot_be_posted_stops_no_other(database: Database) -> None:
    """It's tried again later, and the others are shown."""
    prompts = [await in_review(database) for _ in range(3)]
    channel = Channel()
    channel.broken = {prompts[1].id}
    assert await cards_of(database, channel).go_on(NOW)
    assert set(channel.cards.values()) == {prompts[0].id, prompts[2].id}
    assert not await ReviewStore(database).take_cards(NOW + timedelta(seconds=59))
    channel.broken = set()
    await cards_of(database, channel).go_on(NOW + timedelta(minutes=30))
    assert len(channel.cards) == 3


async def test_a_card_that_is_posted_while_its_member_is_deleted_does_not_stay(database: Database) -> None:
    """Another process has ended its review by then, and found no card."""
    prompt, channel = await in_review(database), Channel()
    store, erasure = ReviewStore(database), ErasureStore(database)

    async def deleted() -> None:
        channel.meanwhile = None
        await erasure.begin(prompt.origin.user_id, NOW, {"kind": "cancelled"})
        await erasure.erase([prompt.id], NOW)
        await cards_of(database, channel).go_on(NOW)

    channel.meanwhile = deleted
    await cards_of(database, channel).go_on(NOW)
    assert await store.find(prompt.id) is None
    assert channel.cards == {}


async def test_an_approved_prompt_keeps_its_images_until_it_is_finished(database: Database) -> None:
    """A review can take longer than images are kept."""
    generations = GenerationStore(database)
    fetched = bare(State.FETCHED, NOW).model_copy(update={"review": TERMS, "approved_at": NOW, "image_key": "a/b.png"})
    await written(LedgerStore(database), fetched)
    assert await generations.images_in_use() == {"a/b.png"}
    await generations.advance(fetched.id, State.DELIVERED, finished_at=NOW)
    assert await generations.images_in_use() == frozenset()


async def test_the_price_of_a_prompt_that_was_approved_late_is_looked_for(database: Database) -> None:
    """Its day begins with the approval; so does the search for its job."""
    generations = GenerationStore(database)
    since = NOW - timedelta(days=1)
    asked = {"review": TERMS, "approved_at": NOW - timedelta(hours=1), "finished_at": NOW}
    asked["submitted_at"] = NOW - timedelta(hours=1)
    late = bare(State.FAILED, NOW - timedelta(days=6)).model_copy(update=asked)
    old = bare(State.FAILED, NOW - timedelta(days=6)).model_copy(
        update=asked | {"approved_at": NOW - timedelta(days=5)}
    )
    for each in (late, old):
        await written(LedgerStore(database), each)
    assert [each.id for each in await generations.lost(EXECUTOR, since=since)] == [late.id]
    for each in (late, old):
        await generations.note(each.id, job_id=f"job of {each.id}")
    assert [each.id for each in await generations.uncharged(EXECUTOR, since=since)] == [late.id]
