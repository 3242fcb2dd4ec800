"""The members who ask while Apiframe is down: nobody hammers it, nobody loses their place, and all pictures come."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from pydantic import SecretStr

from bot.apiframe.breaker import Breaker
from bot.apiframe.client import Apiframe, open_apiframe
from bot.apiframe.retry import RetryPause, RetryPolicy
from bot.picture.params import FluxParams
from standins.apiframe.faults import Fault, Kind
from standins.exchange import Exchange
from tests.promises import ApiframeFault
from tests.stage import GENERATION, Stage

DOWN = Fault(Kind.SERVER_ERROR, route="generate", times=None)
BUSY = Fault(Kind.RATE_LIMITED, route="generate", times=None, seconds=5)
WAITING = 20  # the default GENERATION__CONCURRENCY
SPACING_SECONDS = 0.5  # by the default GENERATION__STARTS_PER_MINUTE
OUTAGE_SECONDS = 120
STEP_SECONDS = 0.5
ROUNDS = 8  # of the loop, in which a request has its answer


class Requests(list[float]):
    """When each order reached Apiframe, by the clock of the stage."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        stage.apiframe.observers.append(self._note)

    def _note(self, exchange: Exchange) -> None:
        if exchange.path == "/v2/images/generate":
            self.append(self._stage.clock.now())

    @property
    def busiest_second(self) -> int:
        return max(sum(start <= at < start + 1 for at in self) for start in self)


@pytest.fixture
async def apiframe(stage: Stage) -> AsyncIterator[Apiframe]:
    """The bot's client, living in the time of the stage."""
    retries = RetryPolicy(600, sleep=stage.clock.sleep, clock=stage.clock.now)
    orders = Breaker(SPACING_SECONDS, clock=stage.clock.now)
    key = SecretStr(stage.apiframe.api_key)
    async with open_apiframe(stage.apiframe.base_url, key, retries=retries, orders=orders) as opened:
        yield opened


@pytest.mark.promise(ApiframeFault.RATE_LIMITED, ApiframeFault.DOWN_FOR_MINUTES)
@pytest.mark.parametrize("outage", [DOWN, BUSY], ids=["down", "429 storm"])
async def test_two_minutes_down_cost_few_requests_and_no_picture(
    stage: Stage, apiframe: Apiframe, outage: Fault
) -> None:
    """Twenty orders wait for one that asks now and then; then all are placed, a few a second."""
    stage.apiframe.faults.arm(outage)
    requests, heard = Requests(stage), list[RetryPause]()

    async def order(number: int) -> str:
        params, key = FluxParams(), f"order {number}"
        return (
            await apiframe.submit(apiframe.write_order("a boat", params), idempotency_key=key, on_wait=heard.append)
        ).job_id

    orders = [asyncio.create_task(order(number)) for number in range(WAITING)]
    await wind(stage, OUTAGE_SECONDS, lambda: False)
    assert len(requests) <= WAITING + 15  # all at once before anybody can know, then one asks for all
    assert len(heard) > WAITING
    stage.apiframe.faults.disarm()
    requests.clear()
    await wind(stage, OUTAGE_SECONDS, lambda: all(each.done() for each in orders))
    assert len({await each for each in orders}) == len(stage.jobs()) == WAITING
    assert requests.busiest_second <= 1 / SPACING_SECONDS + 1


async def wind(stage: Stage, seconds: float, enough: Callable[[], bool]) -> None:
    """Advance the clock in steps, so that everybody has time to act."""
    for _ in range(round(seconds / STEP_SECONDS)):
        stage.clock.wind(STEP_SECONDS)
        for _ in range(ROUNDS):
            await asyncio.sleep(0.001)
        if enough():
            return


@pytest.mark.promise(ApiframeFault.DOWN_FOR_MINUTES)
async def test_the_cards_say_that_the_places_are_kept(stage: Stage) -> None:
    """The next picture and the queued ones show the same promise; then all arrive."""
    stage.apiframe.faults.arm(DOWN)
    async with stage.running(generation={**GENERATION, "concurrency": 4, "starts_per_minute": 6000}):
        for _ in range(5):  # one more than have a turn
            await stage.imagine()
        await stage.shows("The image service isn't responding. You keep your place (#1)")
        await stage.shows("You keep your place and won't be charged. I'll keep trying until <t:")
        assert stage.jobs() == []
        stage.apiframe.faults.disarm()
        pictures = await stage.show_pictures(5)
    assert stage.channel.messages_for(stage.alice) == pictures
    assert len(stage.jobs()) == 5
