"""The sums of each hour are what the rows say, whatever happens to pictures; on both databases."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, func, select, update

from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation, State
from bot.storage.engine import Database, parse_database_url
from bot.storage.erasure import ErasureStore
from bot.storage.generations import GenerationStore
from bot.storage.ledger import Counted, LedgerStore, UsageScope
from bot.storage.tables import generations, usage_hours
from tests.bot.storage.examples import NOON, bare, origin, written
from tests.usage_sums import differing_sums

CANCELLED = Failure(kind=FailureKind.CANCELLED).model_dump(mode="json")
FULL_HOUR = NOON.replace(minute=0, second=0, microsecond=0)
INSTANT, HOUR = timedelta(microseconds=1), timedelta(hours=1)
SERVER, MEMBER = UsageScope("guild:42"), UsageScope("guild:42", 7)

Happening = Callable[[GenerationStore, Generation], Awaitable[object]]

HAPPENINGS: dict[str, Happening] = {
    "queued": lambda store, one: store.advance(one.id, State.QUEUED),
    "delivered at the estimate": lambda store, one: store.advance(one.id, State.DELIVERED, credits=10),
    "delivered for more": lambda store, one: store.advance(one.id, State.DELIVERED, credits=17),
    "delivered for nothing": lambda store, one: store.advance(one.id, State.DELIVERED, credits=0),
    "refunded": lambda store, one: store.advance(one.id, State.FAILED, credits=0),
    "failed and paid for": lambda store, one: store.advance(one.id, State.FAILED, credits=4),
    "failed at an unknown price": lambda store, one: store.advance(one.id, State.FAILED),
    "charged late": lambda store, one: store.note(one.id, credits=25),
    "cancelled by a moderator": lambda store, one: store.fail_waiting(
        one.origin.server_key, one.origin.user_id, credits=0, finished_at=NOON
    ),
}


async def amounts(books: LedgerStore, whose: UsageScope, since: timedelta) -> tuple[int, ...]:
    """Return the pictures and credits of a scope after a full hour and some time."""
    moment = FULL_HOUR + since
    counted = [Counted(moment), Counted(moment, in_credits=True)]
    return tuple(await books.look(lambda transaction: transaction.used(whose, counted)))


@pytest.mark.parametrize("first", HAPPENINGS)
async def test_sums_follow_a_picture_through_whatever_happens_to_it(
    database: Database, books: LedgerStore, store: GenerationStore, first: str
) -> None:
    """After one change and any other, beside a picture that doesn't change, the sums are what the rows say."""
    for number, then in enumerate(HAPPENINGS):
        await written(books, bare(created_at=NOON - 2 * number * HOUR))
        one = await written(books, bare(created_at=NOON - (2 * number + number % 2) * HOUR))
        for happening in (first, then):
            await HAPPENINGS[happening](store, one)
            assert await differing_sums(database) == [], (first, then)


@pytest.mark.parametrize("whose", [SERVER, MEMBER], ids=["server", "member"])
async def test_a_window_begins_within_an_hour_to_the_microsecond(books: LedgerStore, whose: UsageScope) -> None:
    """Pictures on a full hour, just before it and just after it count exactly if they were asked for later."""
    times = [HOUR * 3 + each for each in (-INSTANT, timedelta(), INSTANT, timedelta(minutes=5))]
    for since in times:
        await written(books, bare(created_at=FULL_HOUR + since))
    for moment in (*times, HOUR * 2, HOUR * 4):
        expected = sum(each > moment for each in times)
        assert await amounts(books, whose, moment) == (expected, expected * 10)


async def test_the_last_microsecond_of_an_hour_belongs_to_it(database: Database, books: LedgerStore) -> None:
    """It isn't rounded up to the next hour, or day, or year."""
    for last in (
        FULL_HOUR - INSTANT,
        NOON.replace(month=12, day=31, hour=23, minute=59, second=59, microsecond=999_999),
    ):
        await written(books, bare(created_at=last))
    assert await differing_sums(database) == []


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/St_Johns"])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_hours_are_those_of_utc_wherever_a_server_is(database: Database, database_url: str, zone: str) -> None:
    """PostgreSQL cuts a time in the zone of the session, and some zones begin their hours in the middle of ours."""
    await database.write(lambda connection: _set_zone(connection, zone))
    elsewhere = Database(parse_database_url(database_url))  # the zone is that of new connections
    for minutes in (10, 40):
        await written(LedgerStore(elsewhere), bare(created_at=FULL_HOUR + timedelta(minutes=minutes)))
    await elsewhere.close()
    assert await differing_sums(database) == []


def _set_zone(connection: Connection, zone: str) -> None:
    name = connection.scalar(select(func.current_database()))
    connection.exec_driver_sql(f"ALTER DATABASE {name} SET timezone = '{zone}'")


async def test_sums_of_which_nothing_is_left_are_deleted(
    database: Database, books: LedgerStore, store: GenerationStore
) -> None:
    """A refund of the only picture of an hour leaves nothing behind, and nor do deleted rows."""
    refunded = await written(books, bare())
    await store.advance(refunded.id, State.FAILED, credits=0)
    assert await database.read(lambda connection: connection.execute(select(usage_hours)).all()) == []
    await written(books, bare())
    await database.write(lambda connection: connection.execute(delete(generations)))
    assert await database.read(lambda connection: connection.execute(select(usage_hours)).all()) == []


@pytest.mark.parametrize("guild_id", [42, None], ids=["server", "direct messages"])
async def test_sums_do_not_name_an_erased_person(database: Database, books: LedgerStore, guild_id: int | None) -> None:
    """When the id goes, it goes from the sums too; what the server used stays."""
    erasures = ErasureStore(database)
    for member in (7, 8):
        for hours in range(3):
            one = bare(State.DELIVERED, NOON - hours * HOUR)
            ended = {"origin": origin(member, guild_id), "finished_at": NOON, "credits": 12}
            await written(books, one.model_copy(update=ended))
    begun = await erasures.begin(7, NOON, CANCELLED)
    await erasures.erase((await erasures.traces(begun.erasure, limit=9)).ids, NOON)
    assert await differing_sums(database) == []
    await erasures.finish(begun.erasure)
    assert await differing_sums(database) == []
    left = await database.read(lambda connection: connection.execute(select(usage_hours)).all())
    assert 7 not in {row.user_id for row in left}
    assert "user:7" not in {row.server_key for row in left}


async def test_changes_of_many_pictures_at_once_neither_miss_nor_block_each_other(
    database: Database, books: LedgerStore, store: GenerationStore
) -> None:
    """Pictures of four members in two servers are asked for, ended, cancelled and erased at the same time."""
    erasures = ErasureStore(database)
    pictures = [
        bare(created_at=NOON - hours * HOUR).model_copy(update={"origin": origin(member, guild)})
        for hours in (2, 1, 0)
        for member in (1, 2, 3, 4)
        for guild in (42, 43)
        for _ in range(4)
    ]
    await asyncio.gather(*(written(books, each) for each in pictures))
    ends = [store.advance(each.id, State.FAILED, credits=0, finished_at=NOON) for each in pictures[::3]]
    ends += [store.advance(each.id, State.DELIVERED, credits=13, finished_at=NOON) for each in pictures[1::3]]
    cancelled = [store.fail_waiting(f"guild:{guild}", 1, credits=0, finished_at=NOON) for guild in (43, 42)]
    begun = [erasures.begin(member, NOON, CANCELLED) for member in (2, 3, 4)]
    more = [written(books, each.model_copy(update={"id": bare().id})) for each in pictures[:20]]
    await asyncio.gather(*ends, *cancelled, *begun, *more)
    assert await differing_sums(database) == []


async def test_a_transaction_that_is_taken_back_takes_its_sums_back(database: Database, books: LedgerStore) -> None:
    """Nothing is left of a reservation that failed after it was written."""
    await written(books, bare())

    with pytest.raises(ZeroDivisionError):
        await database.write(lambda connection: (connection.execute(update(generations).values(credits=99)), 1 // 0))
    assert await differing_sums(database) == []
