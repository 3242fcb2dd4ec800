"""Which order probes a service that is down, and how the others resume; time is advanced, never slept."""

import asyncio

import pytest

from bot.apiframe.breaker import Breaker
from bot.apiframe.errors import BadRequest, RateLimited, Unavailable
from tests.promises import ApiframeFault


class Hour:
    """Time that a test advances, and a service that gets requests in it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.down: Exception | None = None
        self.asked_at: list[float] = []
        self.breaker = Breaker(spacing_seconds=0.5, clock=lambda: self.now)

    async def attempt(self) -> str:
        self.asked_at.append(self.now)
        if self.down is not None:
            raise self.down
        return "picture"

    async def ask(self) -> str:
        return await self.breaker.ask(self.attempt)

    async def somebody_asks_for(self, seconds: float) -> None:
        """Send ten requests a second."""
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            await asyncio.gather(self.ask(), return_exceptions=True)


@pytest.fixture
def hour() -> Hour:
    return Hour()


async def test_a_single_failure_stops_nobody(hour: Hour) -> None:
    """Two failures and an answer between them and the next two are everyday life."""
    for failure in (Unavailable("down"), Unavailable("down"), None) * 3:
        hour.down = failure
        await asyncio.gather(hour.ask(), return_exceptions=True)
    assert len(hour.asked_at) == 9
    assert not hour.breaker.is_down


async def test_an_outage_is_asked_after_ever_more_rarely(hour: Hour) -> None:
    """Ten who ask each second for two minutes cost a dozen and a half requests, the last ones up to 15 s apart."""
    hour.down = Unavailable("down")
    await hour.somebody_asks_for(120)
    assert hour.breaker.is_down
    assert len(hour.asked_at) < 22
    pauses = [later - earlier for earlier, later in zip(hour.asked_at[-4:], hour.asked_at[-3:], strict=False)]
    assert all(7 < pause < 16 for pause in pauses)


async def test_whoever_is_turned_away_hears_why_and_when_to_come_back(hour: Hour) -> None:
    """The failure is the one that others got, with the pause until somebody may try."""
    hour.down = RateLimited("enough", 40.0)
    for _ in range(3):
        await asyncio.gather(hour.ask(), return_exceptions=True)
    with pytest.raises(RateLimited, match="enough") as refused:
        await hour.ask()
    assert refused.value.retry_after_seconds == 40.0
    assert len(hour.asked_at) == 3


async def test_an_order_that_is_cancelled_in_its_turn_leaves_it_to_the_next(hour: Hour) -> None:
    """It asked nothing, so nobody waits for its answer."""
    hour.down = Unavailable("down")
    for _ in range(3):
        await asyncio.gather(hour.ask(), return_exceptions=True)
    hour.now, hour.down = hour.now + 60, None

    async def cancelled() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        await hour.breaker.ask(cancelled)
    assert await hour.ask() == "picture"


async def test_a_pause_that_is_nonsense_stops_orders_for_a_quarter_of_an_hour_at_most(hour: Hour) -> None:
    """However long the pause that a proxy asks for, the bot probes again without a restart."""
    hour.down = RateLimited("enough", float("inf"))
    for _ in range(3):
        await asyncio.gather(hour.ask(), return_exceptions=True)
    hour.down = None
    hour.now += 901
    assert await hour.ask() == "picture"
    assert not hour.breaker.is_down


@pytest.mark.promise(ApiframeFault.DOWN_FOR_MINUTES)
async def test_nobody_rushes_back(hour: Hour) -> None:
    """After an outage, orders go out half a second apart; when nobody waits any more, as they come."""
    hour.down = Unavailable("down")
    await hour.somebody_asks_for(30)
    hour.down = None
    hour.asked_at.clear()
    await hour.somebody_asks_for(60)
    assert not hour.breaker.is_down
    assert all(later - earlier > 0.45 for earlier, later in zip(hour.asked_at, hour.asked_at[1:], strict=False))
    hour.now += 20
    hour.asked_at.clear()
    await asyncio.gather(*(hour.ask() for _ in range(5)))
    assert hour.asked_at == [hour.now] * 5


async def test_a_far_end_that_falls_again_is_left_alone_at_once(hour: Hour) -> None:
    """While the crowd comes back, the first failure holds it up again."""
    hour.down = Unavailable("down")
    await hour.somebody_asks_for(10)
    hour.down = None
    await hour.somebody_asks_for(20)
    hour.down = Unavailable("down again")
    hour.asked_at.clear()
    await hour.somebody_asks_for(1)
    assert hour.breaker.is_down
    assert len(hour.asked_at) <= 3


async def test_a_refusal_is_an_answer(hour: Hour) -> None:
    """A rejection is a response, so the other orders may continue."""
    hour.down = Unavailable("down")
    await hour.somebody_asks_for(2)
    hour.down = BadRequest("no", {})
    await hour.somebody_asks_for(20)
    assert not hour.breaker.is_down
