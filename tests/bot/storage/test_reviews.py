"""Reviews in the database: one decision each, and every step that is due is taken."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.picture.decision import CardStep, Decision
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation, State
from bot.picture.origin import NOBODY
from bot.picture.review import AtDeadline, ReviewOf, ReviewTerms
from bot.storage.engine import Database
from bot.storage.erasure import ErasureStore
from bot.storage.generations import GenerationStore
from bot.storage.ledger import Counted, LedgerStore, UsageScope
from bot.storage.personal_data import PersonalDataStore
from bot.storage.queue_stats import QueueStatsStore
from bot.storage.review_decisions import AuditLine, Verdict
from bot.storage.reviews import ReviewStore
from tests.bot.storage.examples import EXECUTOR, NOON, bare, written
from tests.bot.storage.plans import plans_noted
from tests.promises import ProcessFault

TERMS = ReviewTerms(of=ReviewOf.PICTURE, channel_id=5, hours=24, at_deadline=AtDeadline.REJECT, charge_rejected=True)
LINE = AuditLine("/review", {"path": ["reviewed", "7"], "before": None, "after": None})
FAILURE = Failure(kind=FailureKind.REJECTED, reason="no").model_dump(mode="json")
APPROVE = Verdict(Decision.APPROVED, 1, NOON)
REJECT = Verdict(Decision.REJECTED, 2, NOON, "no", FAILURE)
HOUR = timedelta(hours=1)


@pytest.fixture
def reviews(database: Database) -> ReviewStore:
    return ReviewStore(database)


async def in_review(
    reviews: ReviewStore, books: LedgerStore, of: ReviewOf = ReviewOf.PICTURE, **columns: object
) -> Generation:
    """Return a picture, or a prompt, that is in review since noon."""
    prompt = of is ReviewOf.PROMPT
    changes = {"review": TERMS.model_copy(update={"of": of}), "delivery_began_at": None if prompt else NOON, **columns}
    changes["credits"] = None if prompt else 9
    generation = await written(books, bare(State.RESERVED if prompt else State.FETCHED).model_copy(update=changes))
    if not prompt:
        return await reviews.put_picture(generation, NOON)
    await reviews.put_prompts([(generation, 55)], EXECUTOR, EXECUTOR, NOON)
    return generation.model_copy(update={"state": State.PROMPT_IN_REVIEW, "card_id": 55})


async def test_a_request_is_put_into_review_once(
    reviews: ReviewStore, store: GenerationStore, books: LedgerStore
) -> None:
    """With its terms; a step that is entered twice changes nothing, and neither does one after the decision."""
    picture, prompt = await in_review(reviews, books), await in_review(reviews, books, ReviewOf.PROMPT)
    assert picture.state is State.PICTURE_IN_REVIEW
    assert await store.get(prompt.id) == prompt
    review = await reviews.find(picture.id)
    assert review is not None
    assert (review.channel_id, review.deadline, review.card) == (5, NOON + 24 * HOUR, CardStep.DUE)
    for each in (picture, prompt):
        assert await reviews.decide(each, APPROVE) is not None
    assert (await reviews.put_picture(picture, NOON + HOUR)).state is State.FETCHED
    await reviews.put_prompts([(prompt, 66)], EXECUTOR, EXECUTOR, NOON + HOUR)
    assert [(await store.get(each.id)).state for each in (picture, prompt)] == [State.FETCHED, State.QUEUED]


@pytest.mark.promise(ProcessFault.REVIEWED_TWICE)
async def test_many_decisions_at_once_are_one(reviews: ReviewStore, store: GenerationStore, books: LedgerStore) -> None:
    """Of moderators and the deadline: the row, the review and the audit log agree on the first of them."""
    generation = await in_review(reviews, books)
    by_deadline = Verdict(Decision.APPROVED, None, NOON), Verdict(Decision.REJECTED, None, NOON, "", FAILURE)
    verdicts = [APPROVE, REJECT, *by_deadline]
    decided = await asyncio.gather(*(reviews.decide(generation, each, LINE) for each in verdicts * 3))
    [(now, line_id)] = [each for each in decided if each is not None]
    review = await reviews.find(generation.id)
    assert review is not None
    approved = review.decision is Decision.APPROVED
    assert now == await store.get(generation.id)
    assert (now.state, now.approved_at is not None) == (State.FETCHED if approved else State.FAILED, approved)
    assert (line_id is None) is (review.decided_by is None)


@pytest.mark.parametrize(
    ("of", "refund", "charged_and_owed"),
    [(ReviewOf.PICTURE, False, (9, 9)), (ReviewOf.PICTURE, True, (9, 0)), (ReviewOf.PROMPT, False, (0, 0))],
)
async def test_a_rejected_picture_is_charged_or_refunded(
    reviews: ReviewStore, books: LedgerStore, of: ReviewOf, refund: bool, charged_and_owed: tuple[int, int]
) -> None:
    """A prompt has cost nothing; a refund doesn't change what Apiframe charged."""
    generation = await in_review(reviews, books, of)
    decided = await reviews.decide(generation, Verdict(Decision.REJECTED, 2, NOON, "no", FAILURE, refund=refund))
    assert decided is not None
    assert (decided[0].state, decided[0].finished_at) == (State.FAILED, NOON)
    assert (decided[0].credits, decided[0].credits_owed) == charged_and_owed


@pytest.mark.parametrize("since", [NOON - HOUR, NOON - timedelta(hours=1, minutes=30)], ids=["rows", "sums of hours"])
async def test_a_refund_is_the_members_only(reviews: ReviewStore, books: LedgerStore, since: datetime) -> None:
    """The server has spent the credits, so its limits and the operator's count them: a refund makes nothing free."""
    generation = await in_review(reviews, books)
    member = UsageScope(generation.origin.server_key, generation.origin.user_id)
    server = UsageScope(generation.origin.server_key)
    counted = [Counted(since), Counted(since, in_credits=True)]

    async def used(whose: UsageScope) -> object:
        return await books.look(lambda ledger: (ledger.used(whose, counted), ledger.latest(whose) is not None))

    assert await used(member) == await used(server) == ((1, 9), True)
    assert await reviews.decide(generation, Verdict(Decision.REJECTED, 2, NOON, "no", FAILURE, refund=True))
    assert await used(member) == ((0, 0), False)
    assert await used(server) == ((1, 9), True)


async def test_a_picture_that_ended_otherwise_cannot_be_decided(reviews: ReviewStore, books: LedgerStore) -> None:
    """Its review is closed, its card changes, and its member gets to know."""
    generation = await in_review(reviews, books)
    cancelled = Failure(kind=FailureKind.CANCELLED_BY_MEMBER).model_dump(mode="json")
    ended = await reviews.withdraw(generation.id, cancelled, NOON)
    assert ended is not None
    assert (ended.state, ended.credits) == (State.FAILED, 9)
    assert await reviews.withdraw(generation.id, cancelled, NOON) is None
    assert await reviews.decide(generation, APPROVE) is None
    assert await reviews.overdue(NOON + 48 * HOUR) == []
    assert await reviews.is_anything_due(NOON)
    await reviews.note_ended(NOON)
    review = await reviews.find(generation.id)
    assert review is not None
    assert (review.decision, review.card) == (Decision.WITHDRAWN, CardStep.OUTDATED)
    assert [each.id for each, _lease in await reviews.take_resumable(NOON, "other")] == [generation.id]


async def test_each_card_is_one_process_s_at_a_time(reviews: ReviewStore, books: LedgerStore) -> None:
    """After 20 seconds it's due again, and then it may have been posted."""
    generation = await in_review(reviews, books)
    taken = await asyncio.gather(*(reviews.take_cards(NOON) for _ in range(5)))
    [(review, _lease)] = [each for some in taken for each in some]
    assert not review.tried
    assert not await reviews.is_anything_due(NOON + timedelta(seconds=19))
    [(review, _lease)] = await reviews.take_cards(NOON + timedelta(seconds=20))
    assert review.tried
    await reviews.note_shown(generation.id, 77, NOON, NOON + HOUR)
    assert await reviews.take_cards(NOON + timedelta(minutes=50)) == []
    assert await reviews.lose({77}, NOON)
    [(review, _lease)] = await reviews.take_cards(NOON)
    assert (review.card, review.message_id, review.tried) == (CardStep.DUE, None, True)


async def test_a_decision_while_the_card_is_posted_is_shown_on_it(reviews: ReviewStore, books: LedgerStore) -> None:
    """Even if another process has noted something else by then, a card with buttons doesn't stay."""
    generation = await in_review(reviews, books)
    await reviews.take_cards(NOON)
    await reviews.decide(generation, APPROVE)
    [(review, lease)] = await reviews.take_cards(NOON)
    assert review.card is CardStep.OUTDATED
    await reviews.note_done(generation.id, lease)
    await reviews.note_shown(generation.id, 77, NOON, NOON + HOUR)
    [(review, lease)] = await reviews.take_cards(NOON)
    assert (review.card, review.message_id) == (CardStep.OUTDATED, 77)
    await reviews.note_done(generation.id, lease - timedelta(seconds=1))  # there was more to do since
    assert await reviews.take_cards(lease) != []


async def test_a_review_takes_no_place_in_the_queue(
    reviews: ReviewStore, books: LedgerStore, database: Database
) -> None:
    """It counts for no limit of pictures at a time, and an approved prompt has waited since its approval only."""
    prompt, picture = await in_review(reviews, books, ReviewOf.PROMPT), await in_review(reviews, books)
    scope = UsageScope("guild:42", 7)
    assert await books.look(lambda transaction: transaction.running(scope)) == 0
    later = NOON + 20 * HOUR
    await reviews.decide(prompt, Verdict(Decision.APPROVED, 1, later))
    groups = {each.state: each.oldest_at for each in await QueueStatsStore(database).groups()}
    assert groups == {State.QUEUED: later, State.PICTURE_IN_REVIEW: NOON}
    assert await books.look(lambda transaction: transaction.running(scope)) == 1
    assert await books.look(lambda transaction: transaction.approved(scope)) == 1
    await reviews.decide(picture, Verdict(Decision.APPROVED, None, later))
    assert await books.look(lambda transaction: transaction.approved(scope)) == 1


async def test_images_in_review_are_spared_by_the_sweep(
    reviews: ReviewStore, store: GenerationStore, books: LedgerStore
) -> None:
    """Until the decision, however old they are."""
    picture = await in_review(reviews, books, image_key="ab/picture.png")
    assert await store.images_in_use() == {"ab/picture.png"}
    await reviews.decide(picture, REJECT)
    assert await store.images_in_use() == frozenset()


async def test_moderators_read_once_a_day_that_a_channel_is_closed(reviews: ReviewStore, books: LedgerStore) -> None:
    """However many cards wait for it, and however many processes try."""
    both = [await reviews.find((await in_review(reviews, books)).id) for _ in range(2)]
    told = await asyncio.gather(*(reviews.tell(each, NOON, NOON - HOUR) for each in both * 2 if each is not None))
    assert sum(told) == 1
    assert both[1] is not None
    assert await reviews.tell(both[1], NOON + HOUR, NOON + HOUR / 2)


async def test_moderators_who_delete_their_data_are_forgotten_as_such(
    reviews: ReviewStore, books: LedgerStore, database: Database
) -> None:
    """Their decisions stay, and count for the member."""
    generation = await in_review(reviews, books)
    await reviews.decide(generation, Verdict(Decision.APPROVED, 1, NOON, "fine"))
    others = await PersonalDataStore(database).others(1)
    assert [row["reason"] for row in others["reviews_by_you"]] == ["fine"]
    [own] = (await PersonalDataStore(database).others(7))["reviews_of_your_pictures"]
    assert (own["decision"], own.get("decided_by")) == (Decision.APPROVED, None)
    store = ErasureStore(database)
    begun = await store.begin(1, NOON + HOUR, FAILURE)
    await store.finish(begun.erasure)
    review = await reviews.find(generation.id)
    assert review is not None
    assert review.decided_by == NOBODY
    scope = UsageScope("guild:42", 7)
    assert await books.look(lambda transaction: transaction.approved(scope)) == 1


async def test_looking_for_steps_that_are_due_reads_few_rows(reviews: ReviewStore, database: Database) -> None:
    """It happens every few seconds, and decided reviews stay in the table."""
    with plans_noted("SELECT") as plans:
        assert not await reviews.is_anything_due(NOON)
    if database.dialect == "sqlite":
        [plan] = plans
        for index in ("reviews_open", "reviews_with_card_due", "reviews_to_resume"):
            assert index in plan
        assert "SCAN reviews;" not in f"{plan};"
