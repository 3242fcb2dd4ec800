"""The cards of reviews, of which several processes take the steps."""

from datetime import timedelta

from bot.storage.engine import Database
from bot.storage.reviews import ReviewStore
from tests.bot.reviews.examples import NOW, Channel, cards_of, in_review


async def test_cards_that_take_longer_than_a_lease_are_posted_once(database: Database) -> None:
    """Another process takes the others in the meantime, and the slow one leaves them to it."""
    prompts = [await in_review(database) for _ in range(3)]
    channel = Channel()

    async def slow() -> None:
        channel.meanwhile = None
        await cards_of(database, channel).go_on(NOW + timedelta(seconds=21))

    channel.meanwhile = slow
    await cards_of(database, channel).go_on(NOW)
    assert sorted(channel.cards.values()) == sorted(each.id for each in prompts)
    reviews = [await ReviewStore(database).find(each.id) for each in prompts]
    assert {each and each.message_id for each in reviews} == set(channel.cards)


async def test_each_card_has_a_lease_of_its_own(database: Database) -> None:
    """It begins when its turn comes."""
    store = ReviewStore(database)
    prompt, later = await in_review(database), NOW + timedelta(seconds=15)
    [(_review, lease)] = await store.take_cards(NOW)
    assert (renewed := await store.hold_card(prompt.id, lease, later)) is not None
    assert await store.take_cards(NOW + timedelta(seconds=21)) == []
    assert await store.hold_card(prompt.id, lease, later) is None
    assert await store.hold_card(prompt.id, renewed, later) is not None
