"""The member whose picture outlives the process that began it."""

from datetime import UTC, timedelta
from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError, NoResultFound, SQLAlchemyError

from bot.picture.generation import IN_REVIEW, UNFINISHED, Derivation, Generation, State
from bot.picture.origin import Event
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from bot.storage.tables import generations
from tests.bot.storage.examples import EXECUTOR, NOON, TOKYO, bare, complete, origin, written


@pytest.mark.parametrize("generation", [bare(), complete()], ids=["bare", "complete"])
async def test_a_generation_comes_back_as_it_was(
    store: GenerationStore, books: LedgerStore, generation: Generation
) -> None:
    """Every value survives: 63-bit ids, seeds, emoji, times to the microsecond, and missing values."""
    await written(books, generation)
    assert await store.get(generation.id) == generation


async def test_a_reference_of_an_older_version_comes_back_too(store: GenerationStore, books: LedgerStore) -> None:
    """Stored values of an image that aren't used any more, such as its size in bytes, are ignored."""
    generation = await written(books, complete())
    references = [each.model_dump(mode="json") | {"size_bytes": 123_456} for each in generation.request.references]
    await store.note(generation.id, references=references)
    assert await store.get(generation.id) == generation


async def test_moments_stay_the_same_moments_in_utc(
    store: GenerationStore, books: LedgerStore, database: Database
) -> None:
    """A time given in Tokyo's time zone is the same afterwards, and is returned in UTC."""
    generation = await written(books, bare(created_at=NOON.astimezone(TOKYO)))
    found = await store.get(generation.id)
    assert found.created_at == NOON
    assert found.created_at.utcoffset() == timedelta(0)
    later = await store.advance(generation.id, State.SUBMITTED, submitted_at=NOON.astimezone(TOKYO))
    assert later.submitted_at == NOON
    earlier = generations.c.created_at < (NOON + timedelta(microseconds=1)).astimezone(TOKYO)
    found_again = select(generations.c.created_at).where(earlier)
    moment = await database.read(lambda connection: connection.execute(found_again).scalar_one())
    assert (moment, moment.tzinfo) == (NOON, UTC)


async def test_an_event_makes_one_generation_even_without_the_ledgers_check(books: LedgerStore) -> None:
    """The database itself refuses a second row for an event of Discord's."""
    from_an_event = origin().model_copy(update={"event": Event(key="interaction:1")})
    await written(books, bare().model_copy(update={"origin": from_an_event}))
    with pytest.raises(IntegrityError):
        await written(books, bare().model_copy(update={"origin": from_an_event}))


async def test_an_unknown_generation_is_an_error(store: GenerationStore) -> None:
    """Nobody works on a picture that isn't in the database."""
    with pytest.raises(NoResultFound):
        await store.get(uuid4())


@pytest.mark.parametrize("end", [State.DELIVERED, State.FAILED])
async def test_what_has_ended_stays_as_it_is(store: GenerationStore, books: LedgerStore, end: State) -> None:
    """No step that is entered twice moves a finished generation, or changes what it cost."""
    generation = await written(books, bare(state=end))
    for to in State:
        assert await store.advance(generation.id, to, credits=99) == generation


async def test_a_generation_moves_forward_only(store: GenerationStore, books: LedgerStore) -> None:
    """A late step, such as handing it to the queue again after a restart, undoes neither a later one nor a review."""
    order = list(State)
    for state, to in product(UNFINISHED, State):
        generation = await written(books, bare(state=state))
        expected = to if order.index(to) >= order.index(state) and state not in IN_REVIEW - {to} else state
        assert (await store.advance(generation.id, to)).state is expected, f"from {state} to {to}"


async def test_a_job_makes_one_generation(store: GenerationStore, books: LedgerStore) -> None:
    """A job that one generation has is refused to another, whatever their states; its own may claim it again."""
    first, second = [await written(books, bare(state=State.SUBMITTING)) for _ in range(2)]
    assert await store.accept(first.id, "job", NOON)
    assert not await store.accept(second.id, "job", NOON)
    assert (await store.get(second.id)).job_id is None
    await store.advance(first.id, State.DELIVERED)
    assert await store.accept(first.id, "job", NOON)
    assert (await store.get(first.id)).state is State.DELIVERED
    await store.advance(second.id, State.FAILED)
    assert not await store.name_job(second.id, "job")
    assert await store.name_job(second.id, "another")
    assert (await store.get(second.id)).job_id == "another"


async def test_columns_can_be_noted_at_any_time(store: GenerationStore, books: LedgerStore) -> None:
    """New facts about a finished picture are still stored, and its other columns don't change."""
    generation = await written(books, bare(state=State.DELIVERED))
    await store.note(generation.id, message_id=5)
    assert await store.get(generation.id) == generation.model_copy(update={"message_id": 5})


async def test_each_process_finds_its_own_oldest_first(store: GenerationStore, books: LedgerStore) -> None:
    """A process finds its unfinished pictures by itself, in the order of their requests."""
    second = await written(books, bare(created_at=NOON))
    first = await written(books, bare(created_at=NOON - timedelta(hours=1), state=State.QUEUED))
    await written(books, bare(state=State.SUBMITTED))
    await written(books, bare(), executor="shards-1")
    assert await store.in_states({State.RESERVED, State.QUEUED}, EXECUTOR) == [first, second]


async def test_what_the_database_complains_of_shows_no_values(database: Database) -> None:
    """Its errors are logged, and the values of a row are prompts and tokens."""

    def fail(connection: Connection) -> None:
        connection.execute(text("INSERT INTO nowhere VALUES (:token)"), {"token": "very-secret"})

    with pytest.raises(SQLAlchemyError) as complaint:
        await database.write(fail)
    assert "very-secret" not in str(complaint.value)


async def test_what_was_made_from_a_picture_is_found_and_counted(store: GenerationStore, books: LedgerStore) -> None:
    """The delivered ones, oldest first, and how many there are beyond those that were wanted."""
    parent = await written(books, bare(State.DELIVERED))
    made_from_it = parent.as_parent(Derivation.REROLL)
    times = [NOON + timedelta(minutes=minutes) for minutes in (3, 1, 2)]
    drawn = [bare(State.DELIVERED, at).model_copy(update={"parent": made_from_it}) for at in times]
    for each in (*drawn, bare(State.FAILED).model_copy(update={"parent": made_from_it}), bare(State.DELIVERED)):
        await written(books, each)
    assert await store.children(parent.id, limit=2) == ([drawn[1], drawn[2]], 3)
    assert await store.children(drawn[0].id, limit=2) == ([], 0)


async def test_a_members_derived_pictures_are_counted_up_to_a_limit(store: GenerationStore, books: LedgerStore) -> None:
    """Only theirs, and only those that came about in that way."""
    parent = bare()
    for derivation in (Derivation.LARGER, Derivation.LARGER, Derivation.LARGER, Derivation.REROLL):
        await written(books, bare().model_copy(update={"parent": parent.as_parent(derivation)}))
    member = parent.origin.user_id
    assert await store.count_derived(member, Derivation.LARGER, limit=2) == 2
    assert await store.count_derived(member, Derivation.REROLL, limit=2) == 1
    assert await store.count_derived(member + 1, Derivation.LARGER, limit=2) == 0
