"""Windows that roll, computed from the ledger: what counts, what a refund gives back, and when enough frees up."""

from datetime import timedelta

import pytest

from bot.limits.policy import Limit, LimitExceeded, Scope, windows_of
from bot.picture.failure import Failure, FailureKind
from bot.picture.formats import ImageFormat
from bot.picture.params import FluxParams, Resolution
from bot.picture.request import ImagineRequest, Reference
from tests.bot.limits.counting import (
    DAY,
    ESTIMATE,
    HOUR,
    INSTANT,
    MINUTE,
    MONTH,
    OpenLedger,
    Watch,
    limits,
    refusal,
    reserve,
)
from tests.bot.storage.examples import NOON, origin

REFUSED = Failure(kind=FailureKind.REFUSED_BY_MODEL)
BROKEN = Failure(kind=FailureKind.PICTURE_BROKEN)
LONG_AGO = timedelta(days=400)
LENGTHS = {Limit.IMAGES_PER_HOUR: HOUR, Limit.IMAGES_PER_DAY: DAY, Limit.CREDITS_PER_MONTH: MONTH}


@pytest.mark.parametrize("limit", windows_of(Limit))
@pytest.mark.parametrize("whose", ["member", "server"])
async def test_a_window_lets_go_at_the_very_moment_that_was_promised(
    open_ledger: OpenLedger, watch: Watch, limit: Limit, whose: str
) -> None:
    """An instant before `frees_at` the next picture is refused, and at `frees_at` it is let through."""
    length = LENGTHS[limit]
    allowed = 2 * ESTIMATE if limit is Limit.CREDITS_PER_MONTH else 2
    ledger = open_ledger(**{whose: {limit: allowed}})
    for minute in (0, 20):
        watch.time = NOON + minute * MINUTE
        await reserve(ledger)
    watch.time = NOON + 30 * MINUTE
    exceeded = await refusal(ledger)
    assert exceeded == LimitExceeded(Scope(whose), limit, allowed, allowed, Scope.OPERATOR, NOON + length)
    watch.time = NOON + length - INSTANT
    assert (await refusal(ledger)).frees_at == NOON + length
    watch.time = NOON + length
    await reserve(ledger)
    assert (await refusal(ledger)).frees_at == NOON + 20 * MINUTE + length


@pytest.mark.parametrize("seconds", [30, 86_400 * 3])
async def test_a_cooldown_ends_at_the_very_moment_that_was_promised(
    open_ledger: OpenLedger, watch: Watch, seconds: int
) -> None:
    """The pause between two requests is exactly the cooldown, even above a day, for each member separately."""
    ledger = open_ledger(member=limits(cooldown=seconds))
    await reserve(ledger)
    await reserve(ledger, origin(user_id=8))
    ends = NOON + timedelta(seconds=seconds)
    watch.time = NOON + timedelta(seconds=10)
    assert await refusal(ledger) == LimitExceeded(Scope.MEMBER, Limit.COOLDOWN, 10, seconds, Scope.OPERATOR, ends)
    watch.time = ends - INSTANT
    await refusal(ledger)
    watch.time = ends
    await reserve(ledger)


async def test_a_refund_gives_credits_and_time_back(open_ledger: OpenLedger) -> None:
    """A picture that the model rejected counts neither as credits nor as the latest request."""
    ledger = open_ledger(member=limits(credits_per_month=ESTIMATE, cooldown=60))
    for _ in range(3):
        await ledger.fail((await reserve(ledger)).id, REFUSED, credits_charged=0)


async def test_a_charged_failure_keeps_its_credits(open_ledger: OpenLedger) -> None:
    """A picture that was paid for and broke on its way is paid for."""
    ledger = open_ledger(member=limits(credits_per_month=16))
    await ledger.fail((await reserve(ledger)).id, BROKEN, credits_charged=7)
    exceeded = await refusal(ledger)
    assert (exceeded.limit, exceeded.used, exceeded.allowed) == (Limit.CREDITS_PER_MONTH, 7, 16)


@pytest.mark.parametrize(("charged", "fits"), [(15, True), (16, False), (5, True)])
async def test_the_estimate_gives_way_to_the_true_cost(open_ledger: OpenLedger, charged: int, fits: bool) -> None:
    """Until a picture is done its estimate counts, then what it cost; of an unknown cost, the estimate stays."""
    ledger = open_ledger(member=limits(credits_per_month=25))
    other_size = ImagineRequest(prompt="large", params=FluxParams(resolution=Resolution.FOUR_MP))
    generation = await reserve(ledger, request=other_size)
    await ledger.settle(generation.id, charged)
    if fits:  # at the estimate, since no picture of this size was made yet
        await reserve(ledger)
    else:
        assert (await refusal(ledger)).used == charged


async def test_an_unknown_cost_counts_as_it_was_estimated(open_ledger: OpenLedger) -> None:
    """If Apiframe never reported a charge, the ledger keeps the estimate."""
    ledger = open_ledger(member=limits(credits_per_month=2 * ESTIMATE - 1))
    await ledger.settle((await reserve(ledger)).id, None)
    assert (await refusal(ledger)).used == ESTIMATE


async def test_no_credits_at_all_refuse_without_a_promise(open_ledger: OpenLedger) -> None:
    """A month's credits of 0, or fewer than one picture costs, never free up."""
    for allowed in (0, ESTIMATE - 1):
        exceeded = await refusal(open_ledger(member=limits(credits_per_month=allowed)))
        expected = LimitExceeded(Scope.MEMBER, Limit.CREDITS_PER_MONTH, 0, allowed, Scope.OPERATOR, frees_at=None)
        assert exceeded == expected


async def test_credits_free_up_when_enough_of_them_have_passed(open_ledger: OpenLedger, watch: Watch) -> None:
    """If one old picture was too cheap to make room, the given time waits for the next one."""
    ledger = open_ledger(member=limits(credits_per_month=30))
    for hour, charged in enumerate((4, 4, 20)):
        watch.time = NOON + hour * HOUR
        large = ImagineRequest(prompt="large", params=FluxParams(width=512 + 16 * hour, height=512))
        await ledger.settle((await reserve(open_ledger(), request=large)).id, charged)
    exceeded = await refusal(ledger)
    assert (exceeded.used, exceeded.frees_at) == (28, NOON + HOUR + MONTH)
    watch.time = NOON + HOUR + MONTH
    await reserve(ledger)


async def test_a_place_frees_up_when_a_picture_is_done_and_not_before(open_ledger: OpenLedger, watch: Watch) -> None:
    """A picture runs until it has ended, however long ago it was asked for."""
    ledger = open_ledger(member=limits(concurrent=1))
    generation = await reserve(ledger)
    watch.time += LONG_AGO
    assert await refusal(ledger) == LimitExceeded(Scope.MEMBER, Limit.CONCURRENT, 1, 1, Scope.OPERATOR, None)
    await reserve(ledger, origin(user_id=8))
    await ledger.settle(generation.id, 7)
    failed = await reserve(ledger)
    await ledger.fail(failed.id, REFUSED, credits_charged=0)
    await reserve(ledger)


async def test_a_servers_places_are_shared(open_ledger: OpenLedger) -> None:
    """Two members' pictures fill two places, and a third member waits."""
    ledger = open_ledger(server=limits(concurrent=2))
    for member in (1, 2):
        await reserve(ledger, origin(user_id=member))
    assert (await refusal(ledger, origin(user_id=3))).scope is Scope.SERVER


async def test_size_and_references_are_measured(open_ledger: OpenLedger) -> None:
    """A picture that is larger, or has more references, than allowed is refused; at the edge it is let through."""
    ledger = open_ledger(member=limits(max_megapixels=2, max_references=1))
    reference = Reference(url="", key="", format=ImageFormat.PNG, width=1, height=1)
    two = FluxParams(resolution=Resolution.TWO_MP)
    await reserve(ledger, request=ImagineRequest(prompt="a boat", params=two, references=(reference,)))
    banner = FluxParams(aspect_ratio="8:1", resolution=Resolution.FOUR_MP)  # 2048 x 256, with any choice
    await reserve(ledger, request=ImagineRequest(prompt="a boat", params=banner))
    for params, references, named in (
        (FluxParams(resolution=Resolution.FOUR_MP), (), Limit.MAX_MEGAPIXELS),
        (FluxParams(width=2048, height=1040), (), Limit.MAX_MEGAPIXELS),
        (FluxParams(aspect_ratio="16:9", resolution=Resolution.FOUR_MP), (), Limit.MAX_MEGAPIXELS),
        (two, (reference, reference), Limit.MAX_REFERENCES),
    ):
        exceeded = await refusal(ledger, request=ImagineRequest(prompt="a boat", params=params, references=references))
        assert (exceeded.limit, exceeded.frees_at) == (named, None)
