"""The decisions of moderators, without Discord."""

import pytest

from bot.generation.library import PictureUnknown
from bot.limits.moderation import AuditEntry
from bot.limits.rulebook import Block
from bot.picture.decision import Decision
from bot.picture.generation import State
from bot.picture.review import ReviewOf
from bot.reviews.reviews import AlreadyDecided, Reviews
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from bot.storage.reviews import ReviewStore
from bot.storage.rules import RulesStore
from tests.bot.generation.idle_delivery import review_requests
from tests.bot.limits.counting import NobodyListens
from tests.bot.storage.examples import bare, written
from tests.bot.storage.test_reviews import in_review

SERVER = "guild:42"


@pytest.fixture
def reviews(database: Database) -> Reviews:
    return Reviews(ReviewStore(database), GenerationStore(database), review_requests(database), NobodyListens())


async def test_moderators_decide_about_their_server_only(reviews: Reviews, database: Database) -> None:
    """A button's id that somebody made up leads nowhere, and so does a picture that nobody reviews."""
    store, books = ReviewStore(database), LedgerStore(database)
    generation, other = await in_review(store, books), await written(books, bare())
    for generation_id, server_key in ((generation.id, "guild:43"), (other.id, SERVER)):
        with pytest.raises(PictureUnknown):
            await reviews.approve(generation_id, server_key, by_id=1)
        with pytest.raises(PictureUnknown):
            await reviews.reject(generation_id, server_key, by_id=1, reason="")
    review = await store.find(generation.id)
    assert review is not None
    assert review.decision is None


async def test_the_second_moderator_reads_who_was_faster(reviews: Reviews, database: Database) -> None:
    """Whether they approve, reject, or only open the form."""
    generation = await in_review(ReviewStore(database), LedgerStore(database))
    await reviews.approve(generation.id, SERVER, by_id=1)
    for again in (
        reviews.approve(generation.id, SERVER, by_id=2),
        reviews.reject(generation.id, SERVER, by_id=2, reason="no"),
        reviews.open_one(generation.id, SERVER),
    ):
        with pytest.raises(AlreadyDecided, match="<@1> has already approved this"):
            await again
    review = await ReviewStore(database).find(generation.id)
    assert review is not None
    assert (review.decision, review.decided_by) == (Decision.APPROVED, 1)


async def test_a_rejection_with_its_block_has_two_lines_in_the_audit_log(database: Database) -> None:
    """The member's other requests are refunded; a slower moderator blocks nobody."""
    listener = ToldAbout()
    reviews = Reviews(ReviewStore(database), GenerationStore(database), review_requests(database), listener)
    store, books, rules = ReviewStore(database), LedgerStore(database), RulesStore(database)
    generation = await in_review(store, books)
    member_id = generation.origin.user_id
    waiting = await in_review(store, books, ReviewOf.PROMPT)
    assert await reviews.reject_and_block(generation.id, SERVER, 1, Block(reason="spam")) == 1
    assert (await GenerationStore(database).get(waiting.id)).state is State.FAILED
    rejected, blocked = reversed(await rules.history(SERVER, offset=0, limit=9))
    assert [each["path"] for each in [*rejected.changes, *blocked.changes]] == [
        ["reviewed", str(member_id)],
        ["blocked", str(member_id)],
    ]
    assert [entry.id for entry in listener.entries] == [rejected.id, blocked.id]
    with pytest.raises(AlreadyDecided):
        await reviews.reject_and_block(generation.id, SERVER, 2, Block(reason="other"))
    assert (await rules.rules(SERVER))["blocked"][str(member_id)]["reason"] == "spam"


class ToldAbout(NobodyListens):
    """A listener that keeps every change."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []

    def changed(self, server_key: str, entry: AuditEntry) -> None:  # noqa: ARG002
        """Keep one."""
        self.entries.append(entry)
