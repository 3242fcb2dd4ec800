"""Limits that are exact under load, and a correct ledger; on both databases."""

import asyncio
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import Connection, select

from bot.limits.ledger import Ledger, LimitRefused
from bot.limits.policy import Limit, LimitExceeded, Scope
from bot.limits.prices import duration_key_of
from bot.picture.failure import Failure, FailureKind
from bot.picture.formats import ImageFormat
from bot.picture.generation import BEFORE_ORDER, Generation, State
from bot.picture.origin import Origin
from bot.picture.params import FluxParams, Resolution
from bot.picture.request import ImagineRequest, Reference
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.tables import generations
from tests.bot.limits.counting import DAY, MINUTE, OpenLedger, Watch, limits, refusal, reserve
from tests.bot.storage.examples import EXECUTOR, NOON, origin
from tests.promises import StorageFault

REFUSED = Failure(kind=FailureKind.REFUSED_BY_MODEL)
BROKEN = Failure(kind=FailureKind.PICTURE_BROKEN)


async def outcomes(ledger: Ledger, count: int, whose: Origin) -> list[Generation]:
    """Ask for many pictures at the same time, and return those that were reserved."""
    results = await asyncio.gather(*(reserve(ledger, whose) for _ in range(count)), return_exceptions=True)
    assert all(isinstance(result, Generation | LimitRefused) for result in results), results
    return [result for result in results if isinstance(result, Generation)]


async def test_a_limit_holds_under_load(open_ledger: OpenLedger) -> None:
    """Of fifty pictures that a member asks for at once, exactly the five that they may have are reserved."""
    ledger = open_ledger(member=limits(images_per_day=5))
    assert len(await outcomes(ledger, 50, origin())) == 5
    assert await refusal(ledger) == LimitExceeded(Scope.MEMBER, Limit.IMAGES_PER_DAY, 5, 5, Scope.OPERATOR, NOON + DAY)


async def test_a_servers_limit_holds_for_all_of_its_members_together(open_ledger: OpenLedger) -> None:
    """Ten members who ask at once share what their server may have, and another server loses nothing by it."""
    ledger = open_ledger(server=limits(images_per_hour=7))
    asked = await asyncio.gather(*(outcomes(ledger, 3, origin(user_id=member)) for member in range(10)))
    assert sum(map(len, asked)) == 7
    assert (await refusal(ledger)).scope is Scope.SERVER
    await reserve(ledger, origin(guild_id=43))


async def test_members_do_not_use_up_each_others_limits(open_ledger: OpenLedger) -> None:
    """A limit is counted for each member and each server apart; direct messages count for the person."""
    ledger = open_ledger(member=limits(images_per_hour=1, images_per_day=1, concurrent=1))
    for whose in (
        origin(user_id=1),
        origin(user_id=2),
        origin(user_id=1, guild_id=43),
        origin(1, None),
        origin(2, None),
    ):
        await reserve(ledger, whose)
        assert (await refusal(ledger, whose)).used == 1


async def test_a_refund_counts_for_nothing(open_ledger: OpenLedger) -> None:
    """A picture that failed and cost nothing leaves all limits as they were."""
    ledger = open_ledger(member=limits(images_per_hour=1, images_per_day=1, concurrent=1))
    for _ in range(3):
        failed = await ledger.fail((await reserve(ledger)).id, REFUSED, credits_charged=0)
        assert (failed.state, failed.credits, failed.failure) == (State.FAILED, 0, REFUSED)


@pytest.mark.promise(StorageFault.REFUND_TOO_LATE)
async def test_a_reservation_is_given_back_only_until_it_is_ordered(
    open_ledger: OpenLedger, database: Database
) -> None:
    """A picture without an order is refunded; one that is ordered, finished or unknown doesn't change."""
    ledger, store = open_ledger(), GenerationStore(database)
    for state in State:
        generation = await store.advance((await reserve(ledger)).id, state, finished_at=NOON)
        given_back = await ledger.give_back(generation.id, generation.origin.server_key, REFUSED)
        now = await store.get(generation.id)
        if state in BEFORE_ORDER:
            assert given_back == now
            assert (now.state, now.credits, now.failure) == (State.FAILED, 0, REFUSED)
        else:
            assert (given_back, now) == (None, generation), state
    assert await ledger.give_back(uuid4(), "42", REFUSED) is None
    ordered = await store.advance((await reserve(ledger)).id, State.SUBMITTING, submitted_at=NOON)
    assert await ledger.give_back(ordered.id, ordered.origin.server_key, REFUSED) is None


async def test_an_order_is_not_kept_beyond_its_picture(open_ledger: OpenLedger, database: Database) -> None:
    """However a picture ends, the words that were sent for it are not kept a second time."""
    ledger, store = open_ledger(), GenerationStore(database)
    for end in (ledger.settle, partial(ledger.fail, failure=BROKEN)):
        generation = await reserve(ledger)
        await store.note(generation.id, order_body="{}", state=State.SUBMITTING)
        ended = await end(generation.id, credits_charged=7)
        assert ended.order_body is None


async def test_a_failure_that_was_charged_counts(open_ledger: OpenLedger) -> None:
    """A charged picture counts, even if it failed."""
    ledger = open_ledger(member=limits(images_per_hour=1, images_per_day=5, concurrent=1))
    failed = await ledger.fail((await reserve(ledger)).id, BROKEN, credits_charged=7)
    assert failed.credits == 7
    assert (await refusal(ledger)).limit is Limit.IMAGES_PER_HOUR


async def test_a_delivered_picture_runs_no_more_and_still_counts(open_ledger: OpenLedger) -> None:
    """Settling frees the place among those that run, and writes the true cost."""
    ledger = open_ledger(member=limits(images_per_hour=2, images_per_day=5, concurrent=1))
    first = await reserve(ledger)
    assert (await refusal(ledger)).limit is Limit.CONCURRENT
    settled = await ledger.settle(first.id, 9)
    assert (settled.state, settled.credits, settled.finished_at) == (State.DELIVERED, 9, NOON)
    await reserve(ledger)
    assert (await refusal(ledger)).limit is Limit.IMAGES_PER_HOUR


async def test_settling_twice_is_settling_once(open_ledger: OpenLedger) -> None:
    """A step that is entered again changes neither the cost nor the end; nor does a failure that comes too late."""
    ledger = open_ledger()
    generation = await reserve(ledger)
    settled = await ledger.settle(generation.id, 9)
    assert await ledger.settle(generation.id, 12) == settled
    assert await ledger.fail(generation.id, REFUSED, credits_charged=0) == settled


async def test_a_refusal_says_when_the_next_picture_is_possible(open_ledger: OpenLedger, watch: Watch) -> None:
    """At that very moment it is possible, and a moment before it is not."""
    ledger = open_ledger(member=limits(images_per_hour=2))
    for minute in (0, 20):
        watch.time = NOON + minute * MINUTE
        await reserve(ledger)
    watch.time = NOON + 30 * MINUTE
    frees_at = NOON + 60 * MINUTE
    assert await refusal(ledger) == LimitExceeded(Scope.MEMBER, Limit.IMAGES_PER_HOUR, 2, 2, Scope.OPERATOR, frees_at)
    watch.time = frees_at - timedelta(microseconds=1)
    await refusal(ledger)
    watch.time = frees_at
    await reserve(ledger)
    assert (await refusal(ledger)).frees_at == NOON + 80 * MINUTE


async def test_a_lowered_limit_frees_up_when_enough_has_passed(open_ledger: OpenLedger, watch: Watch) -> None:
    """With four pictures used of a limit that is now two, the third oldest has to pass before there is room again."""
    for minute in range(4):
        watch.time = NOON + minute * MINUTE
        await reserve(open_ledger())
    lowered = open_ledger(member=limits(images_per_hour=2))
    exceeded = await refusal(lowered)
    assert (exceeded.used, exceeded.allowed, exceeded.frees_at) == (4, 2, NOON + 62 * MINUTE)
    watch.time = NOON + 62 * MINUTE
    await reserve(lowered)


async def test_a_limit_of_zero_never_frees_up(open_ledger: OpenLedger) -> None:
    """If none is allowed, no time is given."""
    ledger = open_ledger(member=limits(images_per_hour=0))
    assert await refusal(ledger) == LimitExceeded(
        Scope.MEMBER, Limit.IMAGES_PER_HOUR, 0, 0, Scope.OPERATOR, frees_at=None
    )


async def test_a_refused_request_leaves_no_trace(open_ledger: OpenLedger, database: Database) -> None:
    """A no writes nothing down."""
    await refusal(open_ledger(member=limits(images_per_hour=0, images_per_day=0, concurrent=0)))
    assert await GenerationStore(database).in_states(list(State), EXECUTOR) == []


async def test_usual_seconds_are_those_of_like_pictures(
    open_ledger: OpenLedger, watch: Watch, database: Database
) -> None:
    """The card shows the median of the latest pictures of the same size; others, failures and waiting don't count."""
    ledger = open_ledger()
    assert (await reserve(ledger)).usual_seconds is None
    for seconds in (10, 90, 20):
        await made(database, ledger, watch, seconds)
    await made(
        database, ledger, watch, 500, ImagineRequest(prompt="large", params=FluxParams(resolution=Resolution.FOUR_MP))
    )
    slow_failure = await reserve(ledger)
    watch.time += timedelta(seconds=500)
    await ledger.fail(slow_failure.id, REFUSED, credits_charged=0)
    assert (await reserve(ledger)).usual_seconds == 20


async def test_only_the_latest_pictures_tell_what_is_usual(
    open_ledger: OpenLedger, watch: Watch, database: Database
) -> None:
    """When Apiframe becomes faster, twenty pictures later the bot says so."""
    ledger = open_ledger()
    for seconds in [100] * 30 + [10] * 20:
        await made(database, ledger, watch, seconds)
    assert (await reserve(ledger)).usual_seconds == 10


async def test_the_usual_price_is_what_is_reserved(open_ledger: OpenLedger, watch: Watch, database: Database) -> None:
    """Until a picture of that size was made the estimate is 10 credits, then the median of their prices."""
    ledger = open_ledger()
    for price in (7, 30, 8):
        await made(database, ledger, watch, 10, credits_charged=price)
    await reserve(ledger)

    def estimates(connection: Connection) -> list[int]:
        query = select(generations.c.credits_reserved).order_by(generations.c.created_at)
        return list(connection.execute(query).scalars())

    assert await database.read(estimates) == [10, 7, 30, 8]


def test_pace_is_size_and_number_of_references() -> None:
    """Words, seed and format change neither the time nor the price, so they share one pace."""
    reference = Reference(url="", key="", format=ImageFormat.PNG, width=1, height=1)
    assert duration_key_of(ImagineRequest(prompt="a")) == duration_key_of(
        ImagineRequest(prompt="b", params=FluxParams(seed=5))
    )
    paces = {
        duration_key_of(ImagineRequest(prompt="a", params=params, references=references))
        for params in (FluxParams(), FluxParams(resolution=Resolution.TWO_MP), FluxParams(width=512, height=512))
        for references in ((), (reference,), (reference, reference))
    }
    assert len(paces) == 9
    assert duration_key_of(sized(resolution="4", aspect_ratio="16:9")) == duration_key_of(
        sized(width=2048, height=1152)
    )
    assert duration_key_of(sized(width=2048, height=2048)) != duration_key_of(sized(width=256, height=256))


def sized(**choices: object) -> ImagineRequest:
    return ImagineRequest(prompt="a", params=FluxParams.chosen(**choices))


async def made(
    database: Database,
    ledger: Ledger,
    watch: Watch,
    seconds: int,
    request: ImagineRequest | None = None,
    *,
    credits_charged: int = 7,
) -> None:
    """Deliver a picture that took Apiframe some seconds, after a long wait in the queue."""
    generation = await reserve(ledger, request=request)
    watch.time += timedelta(seconds=1000 + seconds)
    await GenerationStore(database).note(generation.id, drawing_seconds=seconds)
    await ledger.settle(generation.id, credits_charged)
