"""A member deletes their data, on either database: the ledger stays, and the id is removed later."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, event, select

from bot.limits.policy import Limit, Scope
from bot.limits.rulebook import Block
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation, State
from bot.picture.origin import NOBODY
from bot.picture.request import ImagineRequest, Reference
from bot.storage.engine import Database
from bot.storage.erasure import ERASED_PROMPT, ErasureStore
from bot.storage.generations import GenerationStore
from bot.storage.ledger import Counted, LedgerStore, UsageScope
from bot.storage.pending_erasure import PendingErasure
from bot.storage.personal_data import PersonalDataStore
from bot.storage.rules import RulesStore
from bot.storage.tables import generations
from tests.bot.limits.counting import Watch, ledger_of, moderation_of
from tests.bot.storage.examples import EXECUTOR, NOON, bare, complete, origin, written
from tests.promises import DeletionFault

ALICE, BOB = 7, 8
SERVER = "guild:42"
LATER = NOON + timedelta(minutes=5)
CANCELLED = Failure(kind=FailureKind.CANCELLED).model_dump(mode="json")


@pytest.fixture
def erasures(database: Database) -> ErasureStore:
    return ErasureStore(database)


def of(generation: Generation, user_id: int, **columns: object) -> Generation:
    """Return a picture as somebody else's, with some of it changed."""
    return generation.model_copy(update={"origin": origin(user_id), **columns})


def delivered(user_id: int = ALICE, **columns: object) -> Generation:
    """Return a picture that was delivered for 10 credits."""
    known = {"finished_at": NOON + timedelta(seconds=9), "credits": 10, "message_id": 99, "image_key": "ab/ab.png"}
    return of(bare(State.DELIVERED), user_id, **(known | columns))


async def asked(erasures: ErasureStore) -> PendingErasure:
    """Make Alice delete her data, and return the request."""
    await erasures.begin(ALICE, LATER, CANCELLED)
    [draft] = await erasures.open()
    return draft


async def erased(erasures: ErasureStore, draft: PendingErasure) -> None:
    """Erase everything that has ended."""
    while (traces := await erasures.traces(draft, limit=2)).ids:
        await erasures.erase(traces.ids, LATER)


async def test_everything_goes_but_the_figures(
    database: Database, erasures: ErasureStore, books: LedgerStore, store: GenerationStore
) -> None:
    """A row that had everything keeps state, times, price and the kind of its failure."""
    whole = await written(books, of(complete(), ALICE))
    await erased(erasures, await asked(erasures))
    left = await store.get(whole.id)
    assert left.request == ImagineRequest(prompt=ERASED_PROMPT)
    assert (left.state, left.credits, left.created_at, left.finished_at) == (
        whole.state,
        whole.credits,
        whole.created_at,
        whole.finished_at,
    )
    assert left.failure == Failure(kind=FailureKind.OUT_OF_CREDITS)
    assert left.deleted_at == LATER
    assert (left.job_id, left.result_url, left.image_key, left.parent, left.origin.answer) == (None,) * 5
    assert left.order_body is None
    row = await database.read(lambda connection: dict(connection.execute(select(generations)).mappings().one()))
    kept = {name for name, value in row.items() if value not in (None, {}, [], False, "")}
    assert kept == {
        *("id", "state", "created_at", "server_key", "guild_id", "channel_id", "user_id", "executor"),
        *("upload_limit_bytes", "prompt", "duration_key", "credits_reserved", "credits", "usual_seconds", "card_id"),
        *("message_id", "message_channel_id", "submitted_at", "delivery_began_at", "finished_at"),
        *("deleted_at", "erased_at", "failure"),
    }


@pytest.mark.promise(DeletionFault.LEDGER_KEPT)
async def test_what_was_used_stays_used_until_it_is_out_of_every_window(
    erasures: ErasureStore, books: LedgerStore
) -> None:
    """The member's figures and the server's are the same after the deletion; at last they are nobody's."""
    for _ in range(3):
        await written(books, delivered())
    await written(books, delivered(BOB))
    draft = await asked(erasures)
    await erased(erasures, draft)
    assert await used(books, UsageScope(SERVER, ALICE)) == (3, 30)
    for generation in await erasures.shown(draft, limit=9):
        await erasures.forget_messages(generation.id)
    await erasures.finish(draft)
    assert await used(books, UsageScope(SERVER, ALICE)) == (0, 0)
    assert await used(books, UsageScope(SERVER, NOBODY)) == (3, 30)
    assert await used(books, UsageScope(SERVER)) == (4, 40)
    assert await erasures.open() == []


async def used(books: LedgerStore, whose: UsageScope) -> tuple[int, ...]:
    """Return the pictures and the credits that count."""
    ago = NOON - timedelta(minutes=1)
    counted = [Counted(ago), Counted(ago, in_credits=True)]
    return tuple(await books.look(lambda transaction: transaction.used(whose, counted)))


@pytest.mark.promise(DeletionFault.UNFINISHED_PICTURES)
async def test_what_waits_is_refunded_and_what_was_ordered_is_left_to_end(
    erasures: ErasureStore, books: LedgerStore, store: GenerationStore
) -> None:
    """In all servers, and nobody else's; the wish is not fulfilled before the last one has ended."""
    waiting = [await written(books, bare(state)) for state in (State.RESERVED, State.QUEUED)]
    drawn = await written(books, bare(State.SUBMITTED))
    others = await written(books, of(bare(State.QUEUED), BOB))
    begun = await erasures.begin(ALICE, LATER, CANCELLED)
    draft = begun.erasure
    assert (begun.ended, begun.cancelled, await erasures.open()) == (0, 2, [draft])
    await erased(erasures, draft)
    for generation in waiting:
        now = await store.get(generation.id)
        assert (now.state, now.credits, now.failure) == (State.FAILED, 0, Failure(kind=FailureKind.CANCELLED))
    assert await store.get(drawn.id) == drawn
    assert await store.get(others.id) == others
    await erasures.finish(draft)
    assert await erasures.open() == [draft]
    await store.advance(drawn.id, State.DELIVERED, credits=7, finished_at=LATER)
    await erased(erasures, draft)
    await erasures.finish(draft)
    assert await erasures.open() == []


async def test_what_is_asked_for_afterwards_stays(
    erasures: ErasureStore, books: LedgerStore, store: GenerationStore
) -> None:
    """A wish is about the past."""
    draft = await asked(erasures)
    new = await written(books, delivered(created_at=LATER + timedelta(seconds=1)))
    await erased(erasures, draft)
    await erasures.finish(draft)
    assert await store.get(new.id) == new


@pytest.mark.promise(DeletionFault.SHARED_FILES)
async def test_files_that_others_use_are_not_named(erasures: ErasureStore, books: LedgerStore) -> None:
    """Bytes are kept once for everybody: as somebody's picture, as a reference, or by one that is not erased yet."""
    [reference, *_] = complete().request.references
    await written(books, delivered(image_key="mine/1.png"))
    await written(books, delivered(image_key="same/1.png"))
    await written(books, delivered(image_key="edited/1.png"))
    await written(books, delivered(BOB, image_key="same/1.png"))
    await written(books, delivered(BOB, request=with_reference(reference, "edited/1.png"), image_key=None))
    traces = await erasures.traces(await asked(erasures), limit=9)
    assert traces.keys == {"mine/1.png"}


def with_reference(reference: Reference, key: str) -> ImagineRequest:
    return ImagineRequest(prompt="a boat", references=(reference.model_copy(update={"key": key}),))


async def test_the_record_keeps_what_holds_and_loses_the_names(database: Database, erasures: ErasureStore) -> None:
    """Changes that Alice made are nobody's; those about her go, unless she is still blocked."""
    watch = Watch()
    moderation = moderation_of(database, watch, ledger_of(database, watch))
    await moderation.change(SERVER, ALICE, "by her", lambda r: r.with_limits(Scope.EVERYONE, 0, {Limit.CONCURRENT: 3}))
    await moderation.change(SERVER, BOB, "hers", lambda r: r.with_limits(Scope.MEMBER, ALICE, {Limit.CONCURRENT: 1}))
    await moderation.change(SERVER, BOB, "blocked", lambda r: r.with_block(ALICE, Block(reason="enough")))
    await moderation.change(SERVER, BOB, "no more", lambda r: r.without(Scope.MEMBER, ALICE))
    await erasures.finish(await asked(erasures))
    entries = {entry.command: entry for entry in await moderation.history(SERVER, offset=0, limit=9)}
    assert entries["by her"].by_id == NOBODY
    assert len(entries["by her"].changes) == 1
    assert entries["hers"].changes == entries["no more"].changes == []
    assert len(entries["blocked"].changes) == 1
    assert ALICE in (await moderation.rulebook(SERVER)).blocked


async def test_refusals_are_forgotten_at_once(database: Database, erasures: ErasureStore) -> None:
    """They count for nothing but the reports."""
    rules = RulesStore(database)
    for user_id in (ALICE, BOB):
        await rules.record_refusal(SERVER, user_id, NOON, "images_per_day")
    await asked(erasures)
    personal_data = PersonalDataStore(database)
    assert (await personal_data.others(ALICE))["refusals"] == []
    assert len((await personal_data.others(BOB))["refusals"]) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_wish_with_nothing_left_to_erase_reads_nobody_elses_pictures(
    erasures: ErasureStore, books: LedgerStore
) -> None:
    """It stays open for thirty days and is looked at each minute: it may not cost a look at all that is kept."""
    await written(books, delivered(BOB))
    draft = await asked(erasures)
    statements: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert (await erasures.traces(draft, limit=9)).ids == []
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    [own] = statements
    assert "user_id = ?" in own


async def test_a_job_that_went_on_after_its_picture_was_given_up_is_still_paid_for(
    erasures: ErasureStore, books: LedgerStore, store: GenerationStore
) -> None:
    """The job's id stays until its price is known and the user's id is removed; else the charge would be missing."""
    given_up = await written(books, of(bare(State.FAILED), ALICE, finished_at=NOON, job_id="a job"))
    draft = await asked(erasures)
    await erased(erasures, draft)
    [uncharged] = await store.uncharged(EXECUTOR, since=NOON - timedelta(days=1))
    assert (uncharged.id, uncharged.job_id, uncharged.request.prompt) == (given_up.id, "a job", ERASED_PROMPT)
    await store.note(given_up.id, credits=10)
    assert await used(books, UsageScope(SERVER, ALICE)) == (1, 10)
    await erasures.finish(draft)
    assert (await store.get(given_up.id)).job_id is None


async def test_what_is_told_of_a_deletion_counts_what_there_was_at_that_moment(
    erasures: ErasureStore, books: LedgerStore
) -> None:
    """However many processes erase at the same time: three that had ended, and one that was cancelled."""
    for _ in range(3):
        await written(books, delivered())
    await written(books, bare(State.QUEUED))
    begun = await erasures.begin(ALICE, LATER, CANCELLED)
    assert (begun.ended, begun.cancelled) == (3, 1)
    await erased(erasures, begun.erasure)
    again = await erasures.begin(ALICE, LATER, CANCELLED)
    assert (again.ended, again.cancelled) == (0, 0)
